// Trains, evaluates and reports one run in several ways and compares the files: Node versions, one and two threads, languages,
// time zones, folder names: npm run determinism -- --node 20 --node 24
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: { node: { type: 'string', multiple: true, default: ['20', '22', '24'] } },
});

const PROGRAM = fileURLToPath(new URL('../apps/cli/bin/convlens.js', import.meta.url));
const TRAIN = [
  'train',
  '--recipe',
  'shapes',
  '--limit',
  '300',
  '--epochs',
  '3',
  '--augment',
  'flip,shift=0.1,rotate=15',
];

/** Fields that say how long something took, and the version of Node. */
const VARYING_FIELD = /"(seconds|node)": ?("[^"]*"|[\d.e-]+),?/g;
const TRAINING_TIME = /(<dt>training time<\/dt><dd>)[^<]*/;

/** The bytes of a checkpoint before its JSON; the last four are the length of the JSON. */
const CHECKPOINT_HEADER_BYTES = 40;

/** Quotes and question marks are in no file name there. */
const IS_WINDOWS = process.platform === 'win32';

const root = mkdtempSync(join(tmpdir(), 'convlens-determinism-'));

/** The ways to run the commands; the first one is the reference. */
const VARIANTS = [
  { name: 'as it is' },
  { name: 'as it is, again' },
  { name: 'one thread', prefix: ['taskset', '-c', '0'], isPossible: process.platform === 'linux' },
  { name: 'two threads', prefix: ['taskset', '-c', '0,1'], isPossible: process.platform === 'linux' },
  { name: 'LANG=tr_TR.UTF-8', env: { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', LANGUAGE: 'tr' } },
  { name: 'LANG=de_DE.UTF-8, TZ=Asia/Kathmandu', env: { LC_ALL: 'de_DE.UTF-8', TZ: 'Asia/Kathmandu' } },
  { name: 'TZ=Pacific/Apia', env: { TZ: 'Pacific/Apia' } },
  { name: 'folder with spaces and quotes', folder: IS_WINDOWS ? `a b  'c' $e` : `a b  'c' "d" $e` },
  { name: 'folder with #, %, ?, &, ;', folder: IS_WINDOWS ? 'a#b%20c&d;e' : 'a#b%20c?d&e;f' },
  { name: 'folder in other scripts', folder: 'ığİ-日本-é-🦊' },
  ...options.node.map((version) => ({ name: `Node ${version}`, node: nodeBinary(version) })),
];

/** The path of another version of Node, from the package registry. */
function nodeBinary(version) {
  const output = execFileSync(
    'npx',
    ['-y', '-p', `node@${version}`, '--', 'node', '-p', 'process.execPath'],
    {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    },
  );
  return output.trim();
}

/** Runs the commands; returns a SHA-256 per file. */
function runVariant({ prefix = [], env, folder = 'run', node = process.execPath }, index) {
  const parent = join(root, `${index}`);
  mkdirSync(parent);
  const run = join(parent, folder);
  for (const args of [
    [...TRAIN, '--out', run],
    ['evaluate', run],
    ['report', run, '--detail', 'brief'],
  ]) {
    const [program, ...rest] = [...prefix, node, PROGRAM, ...args, '--backend', 'simd'];
    const { status, stderr } = spawnSync(program, rest, {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  }
  return checksumsIn(run);
}

const entriesOf = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true });

function checksumsIn(folder) {
  const files = entriesOf(folder).filter((entry) => entry.isFile() && !entry.name.startsWith('.convlens-'));
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), createHash('sha256').update(comparable(path)).digest('hex')]),
  );
}

/** The bytes of a file, without times and the version of Node. */
function comparable(path) {
  const bytes = readFileSync(path);
  if (path.endsWith('.csv')) return bytes.toString().replace(/,[^,\n]*$/gm, '');
  if (path.endsWith('.html')) return bytes.toString().replace(TRAINING_TIME, '$1');
  if (path.endsWith('.checkpoint')) return comparableCheckpoint(bytes);
  return path.endsWith('.json') ? bytes.toString().replace(VARYING_FIELD, '') : bytes;
}

/** The JSON without times and the spaces at its end, and the arrays. */
function comparableCheckpoint(bytes) {
  const end = CHECKPOINT_HEADER_BYTES + bytes.readUInt32LE(CHECKPOINT_HEADER_BYTES - 4);
  const json = bytes.toString('utf8', CHECKPOINT_HEADER_BYTES, end);
  return json.trimEnd().replace(VARYING_FIELD, '') + bytes.toString('latin1', end);
}

function differences(reference, checksums) {
  const names = new Set([...reference.keys(), ...checksums.keys()]);
  return [...names].filter((name) => reference.get(name) !== checksums.get(name));
}

let failures = 0;
let reference;
for (const [index, variant] of VARIANTS.entries()) {
  const { name, isPossible = true } = variant;
  if (!isPossible || (name === 'two threads' && availableParallelism() < 2)) {
    console.log(`${name}: cannot be tried on this machine`);
    continue;
  }
  const checksums = runVariant(variant, index);
  reference ??= checksums;
  const different = differences(reference, checksums);
  if (different.length > 0) failures++;
  const verdict = different.length === 0 ? 'equal' : `${different.length} differ: ${different.join(', ')}`;
  console.log(`${name}: ${checksums.size} files, ${verdict}`);
}
if (process.env.CONVLENS_KEEP) console.log(root);
else rmSync(root, { recursive: true });
process.exitCode = failures === 0 ? 0 : 1;
