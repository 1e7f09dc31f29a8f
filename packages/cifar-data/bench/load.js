// Loads all 60,000 images of CIFAR-10 from local files, and for comparison NumPy does the same as torchvision does (load.py):
// both only read, and both with the checksum of each file, which torchvision always computes. The programs run in turns, each in a process
// of its own, and the second of two loads counts. Then measures the peak memory of one load above its baseline. Prints one JSON
// line for each format of the files: medians, wall-clock and processor seconds.
//
//     npx tsup && node bench/load.js FOLDER [PYTHON [ROUNDS]]
//
// FOLDER has the binary files (cifar-10-batches-bin), the Python batches (cifar-10-batches-py), or both. The files should be in
// the system's cache: the first round is not counted.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderFiles } from '@convlens/image-set/node';
import { loadCifar10 } from '../dist/index.js';

const STATUS = '/proc/self/status';
const FORMATS = ['cifar-10-batches-bin', 'cifar-10-batches-py'];
const PROGRAMS = ['convlens', 'view', 'copied'];

async function load(path, verify) {
  const source = folderFiles(path);
  const train = await loadCifar10(source, { verify });
  const test = await loadCifar10(source, { split: 'test', verify });
  return train.pixels.length + test.pixels.length;
}

// maxRSS of Linux also counts the memory of the parent process.
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
    let start;
    let processors;
    for (let pass = 0; pass < 2; pass++) {
      start = performance.now();
      processors = processorSeconds();
      await load(path, verify);
    }
    return [(performance.now() - start) / 1000, processorSeconds() - processors];
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
  for (const format of FORMATS.map((name) => join(folder, name)).filter(existsSync))
    for (const checks of ['read', 'verify']) {
      const seconds = Object.fromEntries(PROGRAMS.map((program) => [program, []]));
      for (let round = 0; round <= Number(rounds); round++)
        for (const program of PROGRAMS) {
          const result =
            program === 'convlens'
              ? run(process.execPath, self, 'seconds', format, checks)
              : run(python, script, format, program, checks);
          if (round > 0) seconds[program].push(result);
        }
      const medians = (index) =>
        Object.fromEntries(
          PROGRAMS.map((program) => [program, median(seconds[program].map((result) => result[index]))]),
        );
      const peakOverPixels = run(process.execPath, self, 'peak', format, checks);
      console.log(
        JSON.stringify({ format, checks, clock: medians(0), processors: medians(1), peakOverPixels }),
      );
    }
}
