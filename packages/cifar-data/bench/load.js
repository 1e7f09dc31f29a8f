// All 60,000 images of CIFAR-10 from local files into memory, beside NumPy on the same files in the way torchvision does it
// (load.py), in turn; and the most memory a process of its own takes above its baseline. Prints one JSON line.
//
//     npx tsup && node bench/load.js FOLDER [PYTHON [ROUNDS]]
//
// FOLDER has the binary files (cifar-10-batches-bin), the Python batches (cifar-10-batches-py), or both: every form that
// is there is measured. Files should be in the system's cache: the first round is not counted.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderFiles } from '@convlens/image-set/node';
import { loadCifar10 } from '../dist/index.js';

const [folder, python = 'python3', rounds = '5'] = process.argv.slice(2);
const STATUS = '/proc/self/status';
const FORMS = ['cifar-10-batches-bin', 'cifar-10-batches-py'];

async function load(path) {
  const source = folderFiles(path);
  const train = await loadCifar10(source);
  const test = await loadCifar10(source, { split: 'test' });
  return train.pixels.length + test.pixels.length;
}

if (rounds === 'once') {
  // Linux counts into the other figure what the parent process took.
  const peakOf = () => {
    const [, kib] = /VmHWM:\s*(\d+)/.exec(existsSync(STATUS) ? readFileSync(STATUS, 'utf8') : '') ?? [];
    return (kib ? Number(kib) : process.resourceUsage().maxRSS) * 1024;
  };
  const before = process.memoryUsage.rss();
  const pixels = await load(folder);
  console.log(JSON.stringify({ pixels, peak: peakOf() - before }));
  process.exit(0);
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
for (const form of FORMS.map((name) => join(folder, name)).filter(existsSync)) {
  const ours = [];
  const theirs = { view: [], copied: [] };
  for (let round = 0; round <= Number(rounds); round++) {
    const started = performance.now();
    await load(form);
    const seconds = (performance.now() - started) / 1000;
    const script = fileURLToPath(new URL('load.py', import.meta.url));
    const other = JSON.parse(execFileSync(python, [script, form]).toString());
    if (round === 0) continue;
    ours.push(seconds);
    for (const kind of ['view', 'copied']) theirs[kind].push(other[kind]);
  }
  const self = fileURLToPath(import.meta.url);
  const { pixels, peak } = JSON.parse(
    execFileSync(process.execPath, [self, form, python, 'once']).toString(),
  );
  const numpy = { view: median(theirs.view), copied: median(theirs.copied) };
  const seconds = median(ours);
  const ratio = { view: seconds / numpy.view, copied: seconds / numpy.copied };
  console.log(JSON.stringify({ form, seconds, numpy, ratio, peak_over_pixels: peak / pixels }));
}
