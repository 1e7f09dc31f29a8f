// Measures the cost of observers relative to predictions alone: top activations and class means of relu2_2,
// statistics of all layers. cifar10-bn-6conv on test images of CIFAR-10; the tasks alternate, after a warm-up round.
// Prints one JSON line per run: elapsed seconds, processor seconds and peak memory; then the medians and their ratios.
//
//     npm run build
//     node --expose-gc bench/observe.js FOLDER [--count 10000] [--rounds 3] [--only NAME] [--batch 100] [--backend simd]
//
// FOLDER contains test_batch.bin of CIFAR-10. With --only a single task is run once, to measure its peak memory.
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
      for (let pixel = 0; pixel < 1024; pixel++)
        pixels[i * 3072 + pixel * 3 + c] = bytes[i * 3073 + 1 + c * 1024 + pixel];
  }
  const classNames = Array.from({ length: 10 }, (_, i) => `class ${i}`);
  return { name: 'CIFAR-10 test', pixels, labels, count, height: 32, width: 32, channels: 3, classNames };
}

await tf.setBackend(flags.backend);
await tf.ready();
const images = await readImages(positionals[0]);
const model = cifar10Bn6conv({ seed: 1 });
const layer = 'relu2_2';

const observing = (observers) => () =>
  lens.observe(model, images, { observers, batchSize: Number(flags.batch) });
const tasks = {
  predict: observing([lens.observePredictions()]),
  'top and class means': observing([
    lens.observePredictions(),
    lens.observeTopActivations({ layer }),
    lens.observeClassActivations({ layer }),
  ]),
  'statistics of all layers': observing([
    lens.observePredictions(),
    ...lens.layerNames(model).map((name) => lens.observeLayerStatistics({ layer: name })),
  ]),
};

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const peakMiB = () => Math.round(process.resourceUsage().maxRSS / 1024);
const rounded = (value) => Number(value.toFixed(3));
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Elapsed seconds, and processor seconds of all cores. */
async function measure(task) {
  globalThis.gc?.();
  const [start, before] = [performance.now(), process.cpuUsage()];
  await task();
  const { user, system } = process.cpuUsage(before);
  return { seconds: rounded((performance.now() - start) / 1000), cpuSeconds: rounded((user + system) / 1e6) };
}

const selectedTasks = Object.entries(tasks).filter(([name]) => !flags.only || name === flags.only);
const results = Object.fromEntries(selectedTasks.map(([name]) => [name, []]));
if (!flags.only) for (const [, task] of selectedTasks) await task();
for (let round = 0; round < (flags.only ? 1 : Number(flags.rounds)); round++)
  for (const [name, task] of selectedTasks) {
    const times = await measure(task);
    results[name].push(times);
    print({ task: name, round, images: count, ...times, peakMiB: peakMiB() });
  }
if (!flags.only)
  for (const [name, times] of Object.entries(results)) {
    const line = { task: name };
    for (const unit of ['seconds', 'cpuSeconds']) {
      const [seconds, predictSeconds] = [times, results.predict].map((runs) =>
        median(runs.map((run) => run[unit])),
      );
      line[unit] = seconds;
      line[`${unit}Ratio`] = rounded(seconds / predictSeconds);
    }
    print(line);
  }
process.exit(0);
