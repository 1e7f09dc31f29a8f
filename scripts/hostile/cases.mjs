import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const { unzipSync, zipSync } = createRequire(new URL('../../packages/formats/package.json', import.meta.url))(
  'fflate',
);

/** Control characters of each kind: ESC, BEL, carriage return, C1, bidirectional, and a script. */
const CONTROLS = '\u001b[31mred\u001b]0;title\u0007\r\u009b31m\u202edesrever\u2066';
const SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
const LEVELS = 10_000;

const COMMANDS = {
  evaluate: (run) => ['evaluate', run],
  layers: (run) => ['layers', run],
  predict: (run) => ['predict', run],
  explain: (run) => ['explain', run, '--method', 'kernels'],
  report: (run) => ['report', run, '--detail', 'brief'],
  resume: (run) => ['train', '--resume', '--epochs', '2', '--out', run],
  compare: (run, { good }) => ['compare', run, good],
};

const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const write = (path, value) => writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));

/** Changes a JSON file of a run. */
function edit(run, name, change) {
  const value = json(join(run, name));
  write(join(run, name), change(value) ?? value);
}

const nested = (open, close) => open.repeat(LEVELS) + close.repeat(LEVELS);

/** Inserts raw JSON as the first field. */
const withField = (path, field) => write(path, readFileSync(path, 'utf8').replace('{', `{${field},`));

function replaceByLink(path, target) {
  rmSync(path, { recursive: true, force: true });
  symlinkSync(target, path);
}

/** A module that leaves a file where it is run. */
const module = (canary) => `import { writeFileSync } from 'node:fs';
writeFileSync(${JSON.stringify(canary)}, 'executed');
export const customLayers = [];
export default () => { throw new Error('executed'); };`;

const MODULES = {
  'a module in the folder': (run) => join(run, 'evil.mjs'),
  'a module in the folder, relative': () => './evil.mjs',
  'a module of the parent folder': () => '../evil.mjs',
  'a file: address': (run) => pathToFileURL(join(run, 'evil.mjs')).href,
  'a data: address': (_, { canary }) => `data:text/javascript,${encodeURIComponent(module(canary))}//.mjs`,
};

/** An address of 1 TB in a tensor of 4 numbers. */
const HUGE_SHAPE = [2 ** 20, 2 ** 20];

/** What is changed in a copy of a good run, and how the commands may end. */
const RUNS = {
  ...Object.fromEntries(
    Object.entries(MODULES).map(([name, model]) => [
      `run.json names ${name}`,
      {
        change(run, context) {
          writeFileSync(join(run, 'evil.mjs'), module(context.canary));
          writeFileSync(join(run, '..', 'evil.mjs'), module(context.canary));
          writeFileSync(join(run, 'package.json'), '{"type":"module","main":"./evil.mjs"}');
          edit(run, 'run.json', (value) => void (value.settings.model = model(run, context)));
        },
        statuses: { resume: [2], compare: [0, 2], '*': [0, 2] },
      },
    ]),
  ),
  'an unknown layer class': {
    change(run, { canary }) {
      writeFileSync(join(run, 'Evil.mjs'), module(canary));
      edit(run, 'model/model.json', ({ modelTopology }) => void (modelTopology.config.layers[2].class_name = './Evil.mjs'));
    },
    statuses: { compare: [0], resume: [0, 2], '*': [2] },
  },
  'data outside of the folder': {
    change: (run, { outside }) => edit(run, 'run.json', (value) => void Object.assign(value, { dataDir: outside, settings: { ...value.settings, data: outside } })),
    statuses: { layers: [0], compare: [0], '*': [2] },
  },
  'weights outside of the folder, by ..': {
    change: (run, { outside }) => edit(run, 'model/model.json', ({ weightsManifest }) => void (weightsManifest[0].paths = [`../../../${outside.split('/').at(-1)}/secret.bin`])),
    statuses: { compare: [0], resume: [0, 2], '*': [2] },
  },
  'weights outside of the folder, absolute': {
    change: (run, { outside }) => edit(run, 'model/model.json', ({ weightsManifest }) => void (weightsManifest[0].paths = [join(outside, 'secret.bin')])),
    statuses: { compare: [0], resume: [0, 2], '*': [2] },
  },
  'weights outside of the folder, file:': {
    change: (run, { outside }) => edit(run, 'model/model.json', ({ weightsManifest }) => void (weightsManifest[0].paths = [pathToFileURL(join(outside, 'secret.bin')).href])),
    statuses: { compare: [0], resume: [0, 2], '*': [2] },
  },
  ...Object.fromEntries(
    ['run.json', 'history.json', 'summary.json', 'model', 'model/weights.bin', 'checkpoint', 'figures', 'report.html', 'evaluation.json', '.convlens-files', '.convlens-lock', 'notes.md'].map((name) => [
      `${name} is a link to the outside`,
      {
        change: (run, { outside }) => replaceByLink(join(run, name), join(outside, name.includes('.') ? 'secret.bin' : 'folder')),
        statuses: { '*': [0, 2] },
      },
    ]),
  ),
  'a link to a pipe': {
    change: (run, { pipe }) => replaceByLink(join(run, 'summary.json'), pipe),
    statuses: { '*': [2] },
  },
  'notes.md is a pipe': {
    change: (run) => execFileSync('mkfifo', [join(run, 'notes.md')]),
    statuses: { '*': [0, 2] },
  },
  'control characters in names': {
    change(run) {
      edit(run, 'summary.json', (value) => void (value.classNames[0] = CONTROLS + value.classNames[0]));
      edit(run, 'model/model.json', (value) => void (value.modelTopology.config.name = CONTROLS));
      edit(run, 'run.json', (value) => void Object.assign(value, { backend: CONTROLS, settings: { ...value.settings, model: CONTROLS } }));
      write(join(run, 'notes.md'), CONTROLS);
    },
    statuses: { '*': [0, 2] },
  },
  'control characters in fields': {
    change: (run) => edit(run, 'run.json', (value) => void (value.settings[CONTROLS] = CONTROLS)),
    statuses: { '*': [2], layers: [0, 2] },
  },
  'a script in names and notes': {
    change(run) {
      edit(run, 'run.json', (value) => void Object.assign(value, { backend: SCRIPT }));
      write(join(run, 'notes.md'), `# ${SCRIPT}\n\n[a](javascript:alert(3))\n\n${SCRIPT}`);
    },
    statuses: { '*': [0, 2] },
  },
  ...Object.fromEntries(
    ['run.json', 'history.json', 'summary.json', 'model/model.json'].flatMap((name) => [
      [
        `__proto__ in ${name}`,
        {
          change: (run) => withField(join(run, name), '"__proto__":{"polluted":true}'),
          statuses: { compare: [0, 2], resume: [0, 2], '*': [2] },
        },
      ],
      [
        `${LEVELS} levels in ${name}`,
        {
          change: (run) => withField(join(run, name), `"deep":${nested('[', ']')}`),
          statuses: { compare: [0, 2], resume: [0, 2], '*': [2] },
        },
      ],
    ]),
  ),
  'a weight of 4 TB': {
    change: (run) => edit(run, 'model/model.json', ({ weightsManifest }) => void (weightsManifest[0].weights[0].shape = HUGE_SHAPE)),
    statuses: { compare: [0], resume: [0, 2], '*': [2] },
  },
  'a layer of 2 billion filters': {
    change: (run) => edit(run, 'model/model.json', ({ modelTopology }) => void (modelTopology.config.layers[1].config.filters = 2 ** 31 - 1)),
    statuses: { compare: [0], resume: [0, 2], '*': [2] },
  },
  'a checkpoint of another program': {
    change: (run) => writeFileSync(join(run, 'checkpoint/0001.checkpoint'), Buffer.from('80049520000000000000008c05706f736978948c0673797374656d9493', 'hex')),
    statuses: { resume: [0, 2], '*': [0] },
  },
}; // prettier-ignore

/** Files that commands read. `args` are those of the command. */
const FILES = {
  'a .keras file with members outside': (folder, { keras }) => importOf(folder, zipSync({ ...unzipSync(keras), '../../outside/secret.bin': new Uint8Array(4), '/tmp/evil': new Uint8Array(4) })),
  'a .keras file with 10000 levels': (folder, { keras }) => importOf(folder, zipSync({ ...unzipSync(keras), 'config.json': Buffer.from(nested('{"a":', '}').replace('{"a":}', '{"a":1}')) })),
  'a .keras file with __proto__': (folder, { keras }) => importOf(folder, changedKeras(keras, (text) => text.replace('{', '{"__proto__":{"polluted":true},'))),
  'a .keras file with control characters': (folder, { keras }) => importOf(folder, changedKeras(keras, (text) => text.replaceAll('"Conv2D"', JSON.stringify(`Conv2D${CONTROLS}`)))),
  'a .keras file with a lambda': (folder, { keras }) => importOf(folder, changedKeras(keras, (text) => text.replace('"class_name": "Conv2D"', '"class_name": "Lambda"'))),
  'a .keras file with a module': (folder, { keras, canary }) => importOf(folder, changedKeras(keras, (text) => text.replace('"module": "keras.layers"', `"module": ${JSON.stringify(`data:text/javascript,${module(canary)}`)}`))),
  'a .keras file that says 4 GB': (folder, { keras }) => importOf(folder, lyingSizes(zipSync(unzipSync(keras)))),
  'a .keras file that is a zip bomb': (folder, { keras }) => importOf(folder, zipSync({ ...unzipSync(keras), 'model.weights.h5': new Uint8Array(400_000_000) })),
  'an .h5 file of noise': (folder) => importOf(folder, Buffer.concat([Buffer.from('894844460d0a1a0a', 'hex'), noise(4000)]), 'model.h5'),
  'an archive of CIFAR-10 with members outside': (folder) => dataOf(folder, 'cifar-10-binary.tar.gz', gzipSync(tar([['../../outside/secret.bin', 'evil'], ['/tmp/convlens-evil', 'evil'], ['cifar-10-batches-bin/data_batch_1.bin', noise(3073)]]))),
  'an archive of CIFAR-10 with links': (folder, { outside }) => dataOf(folder, 'cifar-10-binary.tar.gz', gzipSync(tar([['cifar-10-batches-bin/data_batch_1.bin', '', { link: join(outside, 'secret.bin') }]]))),
  'an archive of CIFAR-10 that says 8 GB': (folder) => dataOf(folder, 'cifar-10-binary.tar.gz', gzipSync(tar([['cifar-10-batches-bin/data_batch_1.bin', 'x', { size: 2 ** 33 - 1 }]]))),
  'an archive of CIFAR-10 that is a bomb': (folder) => dataOf(folder, 'cifar-10-binary.tar.gz', gzipSync(Buffer.alloc(900_000_000))),
  'a folder of images with control characters': (folder) => {
    const name = join(folder, 'images', `class${CONTROLS.replaceAll('/', '')}`);
    mkdirSync(name, { recursive: true });
    writeFileSync(join(name, `a${CONTROLS}.png`), 'no image');
    return ['data', join(folder, 'images')];
  },
  'an image that says 100000 x 100000': (folder, { good }) => {
    const header = Buffer.from('89504e470d0a1a0a0000000d49484452000186a0000186a00802000000', 'hex');
    writeFileSync(join(folder, 'a.png'), Buffer.concat([header, noise(64)]));
    return ['explain', good, '--method', 'grad-cam', '--image', join(folder, 'a.png'), '--out', join(folder, 'out')];
  },
  'an endless device as an image': (folder, { good }) => ['explain', good, '--method', 'grad-cam', '--image', '/dev/zero', '--out', join(folder, 'out')],
}; // prettier-ignore

function changedKeras(keras, change) {
  const members = unzipSync(keras);
  const text = new TextDecoder().decode(members['config.json']);
  return zipSync({ ...members, 'config.json': Buffer.from(change(text)) });
}

function importOf(folder, bytes, name = 'model.keras') {
  writeFileSync(join(folder, name), bytes);
  return ['import', join(folder, name), '--out', join(folder, 'model')];
}

function dataOf(folder, name, bytes) {
  mkdirSync(join(folder, 'data', 'cifar-10'), { recursive: true });
  for (const path of [name, join('cifar-10', name), join('cifar10', name)]) {
    mkdirSync(join(folder, 'data', path, '..'), { recursive: true });
    writeFileSync(join(folder, 'data', path), bytes);
  }
  return ['data', 'cifar10', '--offline', '--data-dir', join(folder, 'data'), '--out', join(folder, 'sheet')];
}

const noise = (length) => {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    createHash('sha256').update(`${i}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
};

/** A zip whose directory says that each member has 4 GB. */
function lyingSizes(zip) {
  const bytes = Buffer.from(zip);
  for (
    let i = bytes.indexOf('PK\x01\x02', 'latin1');
    i >= 0;
    i = bytes.indexOf('PK\x01\x02', i + 4, 'latin1')
  )
    bytes.writeUInt32LE(0xfffffff0, i + 24);
  return bytes;
}

/** A tar archive of [name, content, { link, size }]. */
function tar(members) {
  const blocks = members.flatMap(([name, content, { link, size = Buffer.from(content).length } = {}]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write('0000644\0', 100);
    header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    header.write(`${'0'.repeat(11)}\0`, 136);
    header.write(link ? '2' : '0', 156);
    if (link) header.write(link, 157, 100);
    header.write('ustar\0' + '00', 257);
    header.write(' '.repeat(8), 148);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const body = Buffer.from(content);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/**
 * All cases. Each has a name, `prepare(folder, context)`, which writes its files into an empty folder and returns the arguments
 * of the command, and the exit statuses that are right.
 */
export const CASES = [
  ...Object.entries(RUNS).flatMap(([name, { change, statuses }]) =>
    Object.entries(COMMANDS).map(([command, argsOf]) => ({
      name: `${command}: ${name}`,
      statuses: statuses[command] ?? statuses['*'],
      prepare(folder, context) {
        const run = join(folder, 'run');
        execFileSync('cp', ['-r', context.good, run]);
        // Who makes a hostile folder makes no list of written files, or a false one.
        rmSync(join(run, '.convlens-files'));
        change(run, context);
        return argsOf(run, context);
      },
    })),
  ),
  ...Object.entries(FILES).map(([name, prepare]) => ({ name, statuses: [0, 2], prepare })),
];
