import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeImages, writeMnist } from '../stand-in-data.mjs';

/*
 * Every command of an installed convlens, each on the smallest input that it takes.
 */

const KERAS_FILE = fileURLToPath(new URL('../../apps/cli/test/fixtures/diagnosed.keras', import.meta.url));

const TRAIN = ['train', '--limit', '64', '--epochs', '1', '--batch-size', '16'];

/** Command lines in this order: later ones read what earlier ones have written. */
const COMMAND_LINES = [
  ['--version'],
  ['--help'],
  ['list'],
  ...['models', 'recipes', 'methods', 'figures', 'data', 'pretrained'].map((list) => ['list', list]),
  ['data', 'shapes'],
  ['data', 'images', '--out', 'sheet'],
  [...TRAIN, '--recipe', 'shapes', '--out', 'runs/a'],
  ['train', '--recipe', 'shapes', '--limit', '64', '--epochs', '2', '--batch-size', '16', '--resume-or-start', '--out', 'runs/b'],
  [...TRAIN, '--data', 'images', '--model', 'shapes-3conv', '--out', 'runs/images'],
  ['evaluate', 'runs/a'],
  ['evaluate', 'runs/a', '--tta', 'flips'],
  ['evaluate', 'runs/images', '--data', 'images', '--backend', 'wasm'],
  ['layers', 'runs/a'],
  ['predict', 'runs/a', '--index', '1,2', '--out', 'predictions'],
  ['predict', 'runs/a', '--image', 'images/red/0.png'],
  ['explain', 'runs/a', '--method', 'grad-cam'],
  ['explain', 'runs/a', '--method', 'feature-maps', '--image', 'images/red/0.png'],
  ['compare', 'runs/a', 'runs/b', '--out', 'comparison'],
  ['report', 'runs/a', '--detail', 'brief'],
  ['import', KERAS_FILE, '--out', 'imported', '--preprocessing', 'unit'],
  ['layers', 'imported'],
  ['layers', 'pretrained:mnist-5x5'],
  ['run', '--pretrained', 'mnist-5x5', '--image', 'images/red/0.png', '--detail', 'brief', '--out', 'runs/pretrained'],
  ['reproduce', 'E', '--scale', '0.001', '--detail', 'brief', '--out', 'runs/e'],
  ['bench', '--backend', 'simd', '--steps', '1', '--batch-size', '8'],
  // Without a command: run, on the generated data set.
  ['--limit', '64', '--epochs', '1', '--detail', 'brief'],
]; // prettier-ignore

/** The names of the commands, as `convlens --help` prints them. */
const commandNames = (help) => [...help.slice(help.indexOf('\nCommands:')).matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name); // prettier-ignore

/**
 * Runs every command of the convlens that is installed in `folder`.
 *
 * @returns what did not end well, in sentences
 */
export function commandFaults(folder, { onCommand = () => {} } = {}) {
  writeImages(folder);
  writeMnist(join(folder, 'data'));
  const program = join(folder, 'node_modules/convlens/bin/convlens.js');
  const run = (args) => {
    const env = { ...process.env, CONVLENS_OFFLINE: '1', CONVLENS_DATA_DIR: join(folder, 'data') };
    const start = performance.now();
    const result = spawnSync(process.execPath, [program, ...args], { cwd: folder, env, encoding: 'utf8', timeout: 300_000 });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    onCommand(`convlens ${args.join(' ')}: status ${result.status}, ${seconds} s`);
    return result;
  };
  const faults = COMMAND_LINES.flatMap((args) => {
    const { status, stdout, stderr } = run(args);
    const isSilent = stdout.trim() === '';
    const fault = status !== 0 ? `ends with status ${status}: ${stderr.slice(-600)}` : isSilent && 'prints nothing';
    return fault ? [`convlens ${args.join(' ')} ${fault}`] : [];
  });
  const names = commandNames(run(['--help']).stdout).filter((name) => name !== 'help');
  const missing = names.filter((name) => !COMMAND_LINES.some(([command]) => command === name));
  return [...faults, ...missing.map((name) => `convlens ${name} is run by no line of convlens-commands.mjs`)];
} // prettier-ignore
