/**
 * The commands that are killed. Each case has the folder from which it starts, the command line, and the folder that the command
 * writes, relative to the folder of the case.
 */
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeImages, writeMnist } from '../stand-in-data.mjs';

const KERAS_FILE = fileURLToPath(new URL('../../apps/cli/test/fixtures/diagnosed.keras', import.meta.url));

/** Files of the user, which no command may change. */
const FOREIGN = { 'mine.txt': 'mine', 'other/run.json': '{ "mine": true }', 'run-2/report.html': 'mine' };

function write(folder, name, content) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

const SIMD = ['--backend', 'simd'];
const RUN = [
  '--data',
  'images',
  '--model',
  'shapes-3conv',
  '--batch-size',
  '8',
  '--out',
  'runs/run',
  ...SIMD,
];

/** `prepare` fills the folder of the case, with the help of `convlens`; `inputs` are its folders that a command only reads. */
export const CASES = [
  {
    name: 'train',
    args: ['train', ...RUN, '--epochs', '2', '--resume-or-start'],
    inputs: ['images'],
    prepare: async (folder) => writeImages(folder),
  },
  {
    name: 'resume',
    args: ['train', ...RUN, '--epochs', '3', '--resume-or-start'],
    inputs: ['images'],
    async prepare(folder, convlens) {
      writeImages(folder);
      await convlens(folder, 'train', ...RUN, '--epochs', '1');
      write(folder, 'runs/run/mine.txt', 'mine');
    },
  },
  {
    name: 'report',
    args: ['report', 'runs/run', '--data', 'images', '--detail', 'brief', ...SIMD],
    inputs: ['images'],
    async prepare(folder, convlens) {
      writeImages(folder);
      await convlens(folder, 'train', ...RUN, '--epochs', '1');
      write(folder, 'runs/run/notes.md', 'mine');
    },
  },
  {
    name: 'evaluate',
    args: ['evaluate', 'runs/run', '--data', 'images', ...SIMD],
    inputs: ['images'],
    async prepare(folder, convlens) {
      writeImages(folder);
      await convlens(folder, 'train', ...RUN, '--epochs', '1');
      write(folder, 'runs/run/notes.md', 'mine');
    },
  },
  {
    name: 'import',
    args: ['import', KERAS_FILE, '--out', 'models/imported', '--classes', 'a,b,c,d,e,f,g,h,i,j'],
    inputs: [],
    prepare: async (folder) => write(folder, 'models/imported/mine.txt', 'mine'),
  },
  {
    name: 'import again',
    args: ['import', KERAS_FILE, '--out', 'models/imported', '--preprocessing', 'centered'],
    inputs: [],
    prepare: (folder, convlens) =>
      convlens(folder, 'import', KERAS_FILE, '--out', 'models/imported', '--preprocessing', 'unit'),
  },
  {
    name: 'data',
    args: ['data', 'mnist', '--copy-from', 'elsewhere', '--data-dir', 'data', '--out', 'runs/sheet'],
    inputs: ['elsewhere'],
    async prepare(folder) {
      writeMnist(join(folder, 'elsewhere'));
      write(folder, 'data/mine.txt', 'mine');
      write(folder, 'data/mnist/notes.txt', 'mine');
    },
  },
  {
    name: 'run --pretrained',
    args: ['run', '--pretrained', 'mnist-5x5', '--detail', 'brief', '--out', 'runs/run', ...SIMD],
    inputs: [],
    prepare: async (folder) => write(folder, 'runs/run/mine.txt', 'mine'),
  },
  {
    name: 'reproduce',
    args: ['reproduce', 'E', '--scale', '0.001', '--detail', 'brief', '--data-dir', 'data', '--out', 'runs/e', '--docs', 'docs', ...SIMD], // prettier-ignore
    inputs: ['data'],
    async prepare(folder) {
      writeMnist(join(folder, 'data'));
      write(folder, 'docs/mine.md', 'mine');
    },
  },
];

const REPRODUCE = ['reproduce', 'E', '--scale', '0.001', '--detail', 'brief', '--data-dir', 'data', '--out', 'runs/e', ...SIMD]; // prettier-ignore
const REPORT = ['report', 'runs/run', '--data', 'images', '--detail', 'brief', ...SIMD];
const IMPORT = ['import', KERAS_FILE, '--out', 'models/imported'];

/** A folder with images and a run of one epoch. */
async function prepareRun(folder, convlens) {
  writeImages(folder);
  await convlens(folder, 'train', ...RUN, '--epochs', '1');
}

/**
 * Two commands for one folder. With `isFree` the second one may write its own file at any time; with `isShort` they hold the lock so
 * shortly that each may write in its turn. Of others one is refused at least once.
 */
export const PAIRS = [
  {
    name: 'train+train',
    commands: ['1', '2'].map((seed) => ['train', ...RUN, '--epochs', '4', '--seed', seed]),
    inputs: ['images'],
    prepare: async (folder) => writeImages(folder),
  },
  {
    name: 'resume+report',
    commands: [['train', ...RUN, '--epochs', '20', '--resume-or-start'], REPORT],
    inputs: ['images'],
    prepare: prepareRun,
  },
  {
    name: 'resume+evaluate',
    commands: [
      ['train', ...RUN, '--epochs', '3', '--resume-or-start'],
      ['evaluate', 'runs/run', '--data', 'images', ...SIMD],
    ],
    isFree: true,
    inputs: ['images'],
    prepare: prepareRun,
  },
  { name: 'report+report', commands: [REPORT, REPORT], inputs: ['images'], prepare: prepareRun },
  {
    name: 'import+import',
    commands: ['unit', 'centered'].map((name) => [...IMPORT, '--preprocessing', name]),
    isShort: true,
    inputs: [],
    prepare: async () => {},
  },
  {
    name: 'reproduce+reproduce',
    commands: [REPRODUCE, REPRODUCE],
    inputs: ['data'],
    prepare: async (folder) => writeMnist(join(folder, 'data')),
  },
];

/** Fills the folder of a case: its files of the user, and what the command starts from. */
export async function prepareCase({ prepare }, folder, convlens) {
  for (const [name, text] of Object.entries(FOREIGN)) write(folder, name, text);
  await prepare(folder, convlens);
}

/** Brings a folder to the state in `start`. Folders that commands only read, `inputs`, remain. */
export function resetFolder({ folder, start }, inputs) {
  for (const name of readdirSync(folder))
    if (!inputs.includes(name)) rmSync(join(folder, name), { recursive: true });
  const isChanged = (path) => !inputs.includes(relative(start, path));
  cpSync(start, folder, { recursive: true, filter: isChanged });
}
