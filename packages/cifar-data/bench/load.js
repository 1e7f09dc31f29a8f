// All 60,000 images of CIFAR-10 from local files into memory, beside NumPy on the same files in the way torchvision does it
// (load.py): both only read, and both with the checksum of every file, which torchvision always computes. Processes of
// their own take turns, and each counts the second of two loads. Then the most memory that one load takes above its
// baseline. Prints one JSON line for each form of the files: medians, seconds by the clock and of processors.
//
//     npx tsup && node bench/load.js FOLDER [PYTHON [ROUNDS]]
//
// FOLDER has the binary files (cifar-10-batches-bin), the Python batches (cifar-10-batches-py), or both. Files should be in
// the system's cache: the first round is not counted.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderFiles } from '@convlens/image-set/node';
import { loadCifar10 } from '../dist/index.js';

const STATUS = '/proc/self/status';
const FORMS = ['cifar-10-batches-bin', 'cifar-10-batches-py'];
const SIDES = ['ours', 'view', 'copied'];

async function load(path, verify) {
  const source = folderFiles(path);
  const train = await loadCifar10(source, { verify });
  const test = await loadCifar10(source, { split: 'test', verify });
  return train.pixels.length + test.pixels.length;
}

// Linux counts into the other figure what the parent process took.
function peakBytes() {
  const [, kib] = /VmHWM:\s*(\d+)/.exec(existsSync(STATUS) ? readFileSync(STATUS, 'utf8') : '') ?? [];
  return (kib ? Number(kib) : process.resourceUsage().maxRSS) * 1024;
}

const processorSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const tasks = {
  async seconds(path, verify) {
    let clock;
    let processors;
    for (let pass = 0; pass < 2; pass++) {
      clock = performance.now();
      processors = processorSeconds();
      await load(path, verify);
    }
    return [(performance.now() - clock) / 1000, processorSeconds() - processors];
  },
  async peak(path, verify) {
    const before = process.memoryUsage.rss();
    const pixels = await load(path, verify);
    return (peakBytes() - before) / pixels;
  },
};

const [folder, python = 'python3', rounds = '5'] = process.argv.slice(2);
const [, , task, path, verify] = process.argv;
if (Object.hasOwn(tasks, task)) {
  console.log(JSON.stringify(await tasks[task](path, verify === 'verify')));
} else {
  const self = fileURLToPath(import.meta.url);
  const script = fileURLToPath(new URL('load.py', import.meta.url));
  const run = (command, ...args) => JSON.parse(execFileSync(command, args).toString());
  const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
  for (const form of FORMS.map((name) => join(folder, name)).filter(existsSync))
    for (const checks of ['read', 'verify']) {
      const measured = Object.fromEntries(SIDES.map((side) => [side, []]));
      for (let round = 0; round <= Number(rounds); round++)
        for (const side of SIDES) {
          const seconds =
            side === 'ours'
              ? run(process.execPath, self, 'seconds', form, checks)
              : run(python, script, form, side, checks);
          if (round > 0) measured[side].push(seconds);
        }
      const of = (which) =>
        Object.fromEntries(SIDES.map((side) => [side, median(measured[side].map((pair) => pair[which]))]));
      const peakOverPixels = run(process.execPath, self, 'peak', form, checks);
      console.log(JSON.stringify({ form, checks, clock: of(0), processors: of(1), peakOverPixels }));
    }
}
