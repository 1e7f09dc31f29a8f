// What looking on costs, beside predicting alone: top images and class means of relu2_2, statistics of all layers, of
// cifar10-bn-6conv on real CIFAR-10 test images, run in turn after a round that does not count. Prints one JSON line a figure:
// seconds by the clock and of all cores, and the most memory that the process held; then medians and their ratios.
//
//     npx tsup && node --expose-gc bench/observe.js FOLDER [--count 10000] [--rounds 3] [--only NAME] [--batch 100] [--backend simd]
//
// FOLDER holds test_batch.bin of CIFAR-10. With --only one task is run once, so that its memory is its own.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import '@convlens/tfjs-backend-simd';
import { cifar10Bn6conv } from '@convlens/models';
import * as lens from '../dist/index.js';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    batch: { type: 'string', default: '100' },
    backend: { type: 'string', default: 'simd' },
  },
});
const count = Number(flags.count);

/** The first images of the test set. */
async function readImages(folder) {
  const bytes = await readFile(join(folder, 'test_batch.bin'));
  const pixels = new Uint8Array(count * 3072);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = bytes[i * 3073];
    for (let c = 0; c < 3; c++)
      for (let place = 0; place < 1024; place++)
        pixels[i * 3072 + place * 3 + c] = bytes[i * 3073 + 1 + c * 1024 + place];
  }
  const classNames = Array.from({ length: 10 }, (_, i) => `class ${i}`);
  return { name: 'CIFAR-10 test', pixels, labels, count, height: 32, width: 32, channels: 3, classNames };
}

await tf.setBackend(flags.backend);
await tf.ready();
const images = await readImages(positionals[0]);
const model = cifar10Bn6conv({ seed: 1 });
const layer = 'relu2_2';

const observed = (observers) => () =>
  lens.observe(model, images, { observers, batchSize: Number(flags.batch) });
const tasks = {
  predict: observed([lens.observePredictions()]),
  'top and class means': observed([
    lens.observePredictions(),
    lens.observeTopActivations({ layer }),
    lens.observeClassActivations({ layer }),
  ]),
  'statistics of all layers': observed([
    lens.observePredictions(),
    ...lens.layerNames(model).map((name) => lens.observeStatistics({ layer: name })),
  ]),
};

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const peakMiB = () => Math.round(process.resourceUsage().maxRSS / 1024);
const rounded = (value) => Number(value.toFixed(3));
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Seconds by the clock, and of all cores together. */
async function measure(task) {
  globalThis.gc?.();
  const [start, before] = [performance.now(), process.cpuUsage()];
  await task();
  const { user, system } = process.cpuUsage(before);
  return { seconds: rounded((performance.now() - start) / 1000), cpuSeconds: rounded((user + system) / 1e6) };
}

const chosen = Object.entries(tasks).filter(([name]) => !flags.only || name === flags.only);
const measured = Object.fromEntries(chosen.map(([name]) => [name, []]));
if (!flags.only) for (const [, task] of chosen) await task();
for (let round = 0; round < (flags.only ? 1 : Number(flags.rounds)); round++)
  for (const [name, task] of chosen) {
    const figures = await measure(task);
    measured[name].push(figures);
    print({ task: name, round, images: count, ...figures, peakMiB: peakMiB() });
  }
if (!flags.only)
  for (const [name, figures] of Object.entries(measured)) {
    const line = { task: name };
    for (const unit of ['seconds', 'cpuSeconds']) {
      const [own, predict] = [figures, measured.predict].map((list) => median(list.map((one) => one[unit])));
      line[unit] = own;
      line[`${unit}Ratio`] = rounded(own / predict);
    }
    print(line);
  }
process.exit(0);
