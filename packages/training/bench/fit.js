// The overhead of `fit` over a bare loop of trainOnBatch on the same batches: cifar10-bn-6conv and Adam on
// the simd backend, images of 32 x 32 x 3. `fit` yields to timers, preprocesses, makes targets and calls two
// callbacks; the bare loop has tensors that were made before. Both train on one batch in turn, a few
// milliseconds apart, so that other load of the machine affects both alike; the order changes from pair to
// pair. Prints one JSON line: the medians, the median of the ratios of the pairs, and its 95% confidence
// interval.
//
//     npx turbo build && node packages/training/bench/fit.js [BATCH] [PAIRS]
import * as tf from '@tensorflow/tfjs';
import { compileClassifier, fit } from '../dist/index.js';
// Imported by path, so that the benchmark adds no dependency to the package.
import { buildModel } from '../../models/dist/index.js';
import '../../tfjs-backend-simd/dist/index.js';
import { progress, reduceLROnPlateau } from '../../training-callbacks/dist/index.js';

const [batchSize = 64, pairs = 300] = process.argv.slice(2).map(Number);
const WARM_UP = 10;
await tf.setBackend('simd');

const size = 32 * 32 * 3;
const classNames = Array.from({ length: 10 }, (_, i) => `class ${i}`);
const batches = Array.from({ length: 10 }, (_, step) => ({
  ...{ kind: 'image-batch', name: 'bench', count: batchSize, height: 32, width: 32, channels: 3, classNames },
  ...{ epoch: 0, step, steps: pairs + WARM_UP },
  pixels: Uint8Array.from(
    { length: batchSize * size },
    (_, i) => ((i + step) * 7919 + (i >> 5) * 104729) & 255,
  ),
  labels: Int32Array.from({ length: batchSize }, (_, i) => (i + step) % 10),
  indices: Uint32Array.from({ length: batchSize }, (_, i) => i),
}));
const tensors = batches.map(({ pixels, labels }) =>
  tf.tidy(() => [
    tf.tensor4d(Float32Array.from(pixels), [batchSize, 32, 32, 3]).div(255),
    tf.oneHot(tf.tensor1d(labels, 'int32'), 10).toFloat(),
  ]),
);

function compiledModel() {
  const model = buildModel('cifar10-bn-6conv', { seed: 1 });
  compileClassifier(model, { optimizer: 'adam' });
  return model;
}

const [fitted, bare] = [compiledModel(), compiledModel()];
const [fitTimes, bareTimes] = [[], []];

async function runBare(step) {
  const startTime = performance.now();
  await bare.trainOnBatch(...tensors[step % tensors.length]);
  bareTimes.push(performance.now() - startTime);
}

/**
 * The batches of `fit`. The time between two requests is all that `fit` does for a batch. Between these
 * times, which are not counted, the bare loop trains on the same batch: after an even batch, before an odd
 * one.
 */
async function* source() {
  for (let step = 0; step < pairs + WARM_UP; step++) {
    if (step % 2) await runBare(step);
    const startTime = performance.now();
    yield batches[step % batches.length];
    fitTimes.push(performance.now() - startTime);
    if (step % 2 === 0) await runBare(step);
  }
}

await fit(fitted, {
  train: source,
  epochs: 1,
  callbacks: [reduceLROnPlateau({ monitor: 'loss' }), progress(() => {})],
});

const sorted = (values) => [...values].sort((a, b) => a - b);
const median = (values) => sorted(values)[values.length >> 1];
const rounded = (value) => Number(value.toFixed(2));
for (const times of [fitTimes, bareTimes]) times.splice(0, WARM_UP);
const ratios = sorted(fitTimes.map((time, i) => 100 * (time / bareTimes[i] - 1)));
// The ranks of the confidence interval: binomial distribution, normal approximation.
const ranks = Math.ceil(0.98 * Math.sqrt(pairs));
console.log(
  JSON.stringify({
    batch: batchSize,
    pairs,
    fit_ms_per_batch: rounded(median(fitTimes)),
    bare_ms_per_batch: rounded(median(bareTimes)),
    overhead_percent: rounded(median(ratios)),
    overhead_95_percent: [ratios[(pairs >> 1) - ranks], ratios[(pairs >> 1) + ranks]].map(rounded),
  }),
);
