// Runs commands where they cannot write, without an output, and with signals, and prints how each one ends:
// npm run endings -- --sample 3 (every third case). Needs Linux and the superuser, for mounts and for another user.
import { spawnSync } from 'node:child_process';
import {
  chmodSync, chownSync, closeSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync,
} from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: { sample: { type: 'string', default: '1' }, only: { type: 'string', default: '' } },
});
if (process.platform !== 'linux' || process.getuid() !== 0)
  throw new Error('Expected Linux and the superuser, for mounts and for another user');

const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url));
const PROGRAM = pathOf('../apps/cli/bin/convlens.js');
const AT_WRITE = pathOf('endings/at-write.mjs');
const KERAS_FILE = pathOf('../apps/cli/test/fixtures/diagnosed.keras');

const root = mkdtempSync(join(tmpdir(), 'convlens-endings-'));
const base = join(root, 'base');
const NOBODY = 65534;
chmodSync(root, 0o755);

const SHAPES = ['--recipe', 'shapes', '--limit', '120', '--backend', 'simd'];
const REPORT = ['--detail', 'brief', '--backend', 'simd'];
const { CONVLENS_DATA_DIR } = process.env;

/** The commands, in a folder that may hold a run of one epoch. */
const COMMANDS = {
  train: (place) => ['train', ...SHAPES, '--epochs', '2', '--out', join(place, 'new')],
  'train --resume': (place) => ['train', '--resume', '--epochs', '3', '--backend', 'simd', '--out', join(place, 'run')],
  run: (place) => ['run', ...SHAPES, '--epochs', '1', '--detail', 'brief', '--out', join(place, 'new')],
  evaluate: (place) => ['evaluate', join(place, 'run'), '--backend', 'simd'],
  report: (place) => ['report', join(place, 'run'), ...REPORT],
  explain: (place) => ['explain', join(place, 'run'), '--method', 'kernels', '--backend', 'simd'],
  predict: (place) => ['predict', join(place, 'run'), '--index', '1', '--backend', 'simd', '--out', join(place, 'new')],
  compare: (place) => ['compare', base, base, '--out', join(place, 'new')],
  data: (place) => ['data', 'shapes', '--out', join(place, 'new')],
  import: (place) => ['import', KERAS_FILE, '--out', join(place, 'new')],
  ...(CONVLENS_DATA_DIR && {
    reproduce: (place) => ['reproduce', 'E', '--scale', '0.004', ...REPORT, '--data-dir', CONVLENS_DATA_DIR, '--out', join(place, 'new')],
  }),
}; // prettier-ignore

const USES_RUN = ['train --resume', 'evaluate', 'report', 'explain'];
const folderOf = (name, place) => join(place, USES_RUN.includes(name) ? 'run' : 'new');

function runProgram(args, { env = {}, stdout = 'pipe', uid, preload = false } = {}) {
  const node = preload ? ['--import', AT_WRITE] : [];
  return spawnSync(process.execPath, [...node, PROGRAM, ...args], {
    env: { ...process.env, HOME: '/nonexistent', ...env },
    stdio: ['ignore', stdout, 'pipe'],
    encoding: 'utf8',
    cwd: root,
    timeout: 120_000,
    ...(uid && { uid, gid: uid }),
  });
}

const shell = (script) => {
  const { status, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${script}: ${stderr}`);
};

/** Creates a folder with a copy of the run and a file of somebody else. */
function fillPlace(place) {
  mkdirSync(place, { recursive: true });
  cpSync(base, join(place, 'run'), { recursive: true });
  writeFileSync(join(place, 'mine.txt'), 'mine');
}

/** A file system in memory of 3 MB with a given number of bytes free. */
function fullDisk(place, freeKilobytes) {
  mkdirSync(place);
  shell(`mount -t tmpfs -o size=3m tmpfs '${place}'`);
  fillPlace(place);
  shell(`kb=$(df -k --output=avail '${place}' | tail -1); head -c $((kb - ${freeKilobytes}))k /dev/zero > '${place}/filler'`);
} // prettier-ignore

function readOnlyMount(place) {
  mkdirSync(place);
  shell(`mount -t tmpfs -o size=20m tmpfs '${place}'`);
  fillPlace(place);
  shell(`mount -o remount,ro '${place}'`);
}

function withoutRights(place) {
  fillPlace(place);
  shell(`chmod -R a-w '${place}'`);
  chownSync(place, 0, 0);
}

/** A run that may only be read is evaluated all the same. */
const writeRefusal = (reason) => (name) =>
  name === 'evaluate'
    ? { status: [0], message: /The evaluation is not saved/ }
    : { status: [2], message: new RegExp(reason) };
// prettier-ignore
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** What a signal does not stop is complete. */
const COMPLETES = ['compare', 'data', 'import', 'predict', 'explain', 'evaluate'];

/** What is tried: `prepare` makes the folder, `run` runs the command, `expected` says how it ends. */
const CONDITIONS = {
  'full disk (40 kB free)': {
    prepare: (place) => fullDisk(place, 40),
    run: runProgram,
    // A small file has place.
    expected: (name) => (['evaluate', 'predict', 'explain', 'compare'].includes(name) ? { status: [0, 2], message: /disk is full|^$/ } : { status: [2], message: /disk is full/ }),
  },
  'full disk (nothing free)': {
    prepare: (place) => fullDisk(place, 0),
    run: runProgram,
    expected: () => ({ status: [2], message: /disk is full/ }),
  },
  'read-only mount': { prepare: readOnlyMount, run: runProgram, expected: writeRefusal('read-only') },
  'no rights': {
    prepare: withoutRights,
    run: (args) => runProgram(args, { uid: NOBODY }),
    expected: writeRefusal('permission denied'),
  },
  'folder removed while it runs': {
    prepare: fillPlace,
    run: (args, folder) => runProgram(args, { preload: true, env: { CONVLENS_AT_WRITE: `remove ${folder}` } }),
    expected: () => ({ status: [2], message: /removed|no such file/ }),
    isKept: false,
  },
  'stdout is closed': {
    prepare: fillPlace,
    run: runWithClosedOutput,
    expected: () => ({ status: [141], message: /^$/ }),
  },
  'stdout is /dev/full': {
    prepare: fillPlace,
    run: runOnFullOutput,
    expected: () => ({ status: [2], message: /cannot write to stdout: .*ENOSPC/ }),
  },
  ...Object.fromEntries(
    SIGNALS.map((signal) => [
      signal,
      {
        prepare: fillPlace,
        run: (args) => runProgram(args, { preload: true, env: { CONVLENS_AT_WRITE: `signal ${signal}` } }),
        expected: (name) => (COMPLETES.includes(name) ? { status: [0, 130], message: /^$|interrupted/ } : { status: [130], message: /interrupted/ }),
      },
    ]),
  ),
  'SIGTERM twice': {
    prepare: fillPlace,
    run: (args) => runProgram(args, { preload: true, env: { CONVLENS_AT_WRITE: 'signals SIGTERM' } }),
    expected: () => ({ status: [130], message: /^$|interrupted/ }),
  },
}; // prettier-ignore

/** Starts the command with a pipe whose reader is closed. */
function runWithClosedOutput(args) {
  const command = ['exec "$@" | true; exit "${PIPESTATUS[0]}"', 'sh', process.execPath, PROGRAM, ...args];
  return spawnSync('bash', ['-c', ...command], { encoding: 'utf8', cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
} // prettier-ignore

function runOnFullOutput(args) {
  const full = openSync('/dev/full', 'w');
  try {
    return runProgram(args, { stdout: full });
  } finally {
    closeSync(full);
  }
}

const filesIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

/** What is wrong with the files that a command has left. */
function faultsOf(place, isKept) {
  const faults = [];
  if (readFileSync(join(place, 'mine.txt'), 'utf8') !== 'mine') faults.push('a foreign file was changed');
  for (const path of filesIn(place)) {
    if (/\.partial-|\.convlens-lock/.test(path)) faults.push(`left ${path.slice(place.length + 1)}`);
    if (path.endsWith('.json') && !isJson(path)) faults.push(`damaged ${path.slice(place.length + 1)}`);
  }
  for (const name of ['run.json', 'model/weights.bin'])
    if (isKept && !existsSync(join(place, 'run', name))) faults.push(`lost run/${name}`);
  return faults;
}

function isJson(path) {
  try {
    JSON.parse(readFileSync(path, 'utf8'));
    return true;
  } catch {
    return false;
  }
}

function tryCase(name, condition, place) {
  const { prepare, run, expected, isKept = true } = CONDITIONS[condition];
  try {
    prepare(place);
    const { status, signal, stderr } = run(COMMANDS[name](place), folderOf(name, place));
    const lines = (stderr ?? '').split('\n').filter((line) => /^convlens: |not saved/.test(line));
    const message = lines.at(-1) ?? '';
    const { status: statuses, message: pattern } = expected(name);
    const faults = faultsOf(place, isKept || !USES_RUN.includes(name));
    if (!statuses.includes(status)) faults.push(`expected status ${statuses.join(' or ')}`);
    if (!pattern.test(message)) faults.push(`expected a message like ${pattern}`);
    const kept = filesIn(folderOf(name, place)).length;
    return { status: status ?? signal, message: message.replaceAll(place, 'PLACE'), kept, faults };
  } finally {
    spawnSync('umount', [place]);
    rmSync(place, { recursive: true, force: true });
  }
}

const trained = runProgram(['train', ...SHAPES, '--epochs', '1', '--out', base]);
if (trained.status !== 0) throw new Error(trained.stderr);

const cases = Object.keys(COMMANDS).flatMap((name) =>
  Object.keys(CONDITIONS).map((condition) => [name, condition]),
);
const chosen = cases
  .filter((_, i) => i % Number(options.sample) === 0)
  .filter((pair) => pair.join(': ').includes(options.only));
let failures = 0;
console.log('| command | condition | status | message | files kept |\n|---|---|---|---|---|');
for (const [index, [name, condition]] of chosen.entries()) {
  const { status, message, kept, faults } = tryCase(name, condition, join(root, `place-${index}`));
  console.log(`| ${name} | ${condition} | ${status} | ${message} | ${kept} |`);
  if (faults.length === 0) continue;
  failures++;
  console.log(`FAILED ${name}, ${condition}: ${faults.join('; ')}`);
}
rmSync(root, { recursive: true, force: true });
console.log(`${chosen.length - failures} of ${chosen.length} cases end as expected`);
process.exitCode = failures === 0 && chosen.length > 0 ? 0 : 1;
