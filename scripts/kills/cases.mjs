/**
 * The commands that are killed. Each case has the folder from which it starts, the command line, and the folder that the command
 * writes, relative to the folder of the case.
 */
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { crc32 } from '../../packages/formats/dist/index.js';

const KERAS_FILE = fileURLToPath(new URL('../../apps/cli/test/fixtures/diagnosed.keras', import.meta.url));

/** Files of the user, which no command may change. */
const FOREIGN = { 'mine.txt': 'mine', 'other/run.json': '{ "mine": true }', 'run-2/report.html': 'mine' };

function write(folder, name, content) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** A PNG of 8 x 8 pixels of one color. */
function png(color) {
  const size = 8;
  const row = [0, ...Array(size).fill(color).flat()];
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const numbers = Buffer.alloc(8);
    numbers.writeUInt32BE(data.length, 0);
    numbers.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([numbers.subarray(0, 4), body, numbers.subarray(4)]);
  };
  const header = Buffer.from([0, 0, 0, size, 0, 0, 0, size, 8, 2, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.from(Array(size).fill(row).flat()));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A data set of two classes with 15 images each, of which 3 are test images. */
function writeImages(folder) {
  for (let i = 0; i < 15; i++) {
    write(folder, `images/blue/${i}.png`, png([i, 17 * i, 255 - 9 * i]));
    write(folder, `images/red/${i}.png`, png([255 - 9 * i, 10 * i, 20]));
  }
}

/** A stand-in for MNIST in its official lengths: the bright rows of an image follow from its label. */
function writeMnist(folder) {
  for (const [prefix, count] of [
    ['train', 60_000],
    ['t10k', 10_000],
  ]) {
    const images = Buffer.alloc(16 + count * 784);
    const labels = Buffer.alloc(8 + count);
    images.set([0, 0, 8, 3]);
    labels.set([0, 0, 8, 1]);
    [count, 28, 28].forEach((size, i) => images.writeUInt32BE(size, 4 + 4 * i));
    labels.writeUInt32BE(count, 4);
    for (let i = 0; i < count; i++) {
      const label = (i * 7 + (i >> 4)) % 10;
      labels[8 + i] = label;
      const start = 16 + i * 784 + label * 56;
      images.fill(100 + (i % 150), start, start + 84);
    }
    write(folder, `mnist/${prefix}-images-idx3-ubyte`, images);
    write(folder, `mnist/${prefix}-labels-idx1-ubyte`, labels);
  }
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
