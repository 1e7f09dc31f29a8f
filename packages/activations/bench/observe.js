// What looking on costs, beside predicting alone: top images and class means of relu2_2, statistics of all layers, of
// cifar10-bn-6conv on real CIFAR-10 test images, run in turn. Prints one JSON line a figure: seconds, the ratio to
// predicting, and the most memory that the process held.
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
const chosen = Object.entries(tasks).filter(([name]) => !flags.only || name === flags.only);
const best = Object.fromEntries(chosen.map(([name]) => [name, Infinity]));
for (let round = 0; round < (flags.only ? 1 : Number(flags.rounds)); round++)
  for (const [name, task] of chosen) {
    globalThis.gc?.();
    const start = performance.now();
    await task();
    const seconds = (performance.now() - start) / 1000;
    best[name] = Math.min(best[name], seconds);
    print({ task: name, round, images: count, seconds: Number(seconds.toFixed(2)), peakMiB: peakMiB() });
  }
for (const [name, seconds] of Object.entries(best))
  print({ task: name, best: Number(seconds.toFixed(2)), ratio: Number((seconds / best.predict).toFixed(3)) });
process.exit(0);
