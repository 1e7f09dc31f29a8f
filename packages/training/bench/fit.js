// What `fit` costs above a bare loop of trainOnBatch on the same batches: cifar10-bn-6conv and Adam on the simd backend,
// 32 x 32 x 3, with everything that fit does for a batch (yielding to timers, preprocessing, targets, the callbacks that
// the command line uses) against tensors that were made before. Rounds of both in turn, each begun by the other; prints one JSON
// line with the medians of their times a batch and the ratio of each round's pair, so that other work on the machine
// weighs on both alike.
//
//     npx turbo build && node packages/training/bench/fit.js [BATCH] [STEPS A ROUND] [ROUNDS]
import * as tf from '@tensorflow/tfjs';
import { compileClassifier, fit } from '../dist/index.js';
// By path: benches add no dependency to a package.
import { buildModel } from '../../models/dist/index.js';
import '../../tfjs-backend-simd/dist/index.js';
import { progress, reduceLROnPlateau } from '../../training-callbacks/dist/index.js';

const [batchSize = 64, steps = 10, rounds = 20] = process.argv.slice(2).map(Number);
await tf.setBackend('simd');

const size = 32 * 32 * 3;
const classNames = Array.from({ length: 10 }, (_, i) => `class ${i}`);
const batches = Array.from({ length: steps }, (_, step) => ({
  ...{ kind: 'image-batch', name: 'bench', count: batchSize, height: 32, width: 32, channels: 3, classNames },
  ...{ epoch: 0, step, steps },
  pixels: Uint8Array.from(
    { length: batchSize * size },
    (_, i) => ((i + step) * 7919 + (i >> 5) * 104729) & 255,
  ),
  labels: Int32Array.from({ length: batchSize }, (_, i) => (i + step) % 10),
  indices: Uint32Array.from({ length: batchSize }, (_, i) => i),
}));

function model() {
  const built = buildModel('cifar10-bn-6conv', { seed: 1 });
  compileClassifier(built, { optimizer: 'adam' });
  return built;
}

const [ours, bare] = [model(), model()];

async function runFit() {
  const callbacks = [reduceLROnPlateau({ monitor: 'loss' }), progress(() => {})];
  await fit(ours, { train: () => batches, epochs: 1, callbacks });
}

const tensors = batches.map(({ pixels, labels }) =>
  tf.tidy(() => [
    tf.tensor4d(Float32Array.from(pixels), [batchSize, 32, 32, 3]).div(255),
    tf.oneHot(tf.tensor1d(labels, 'int32'), 10).toFloat(),
  ]),
);

async function runBare() {
  for (const [x, y] of tensors) await bare.trainOnBatch(x, y);
}

async function timed(work) {
  const began = performance.now();
  await work();
  return (performance.now() - began) / steps;
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

await runFit();
await runBare();
const [fitTimes, bareTimes] = [[], []];
for (let round = 0; round < rounds; round++) {
  if (round % 2) bareTimes.push(await timed(runBare));
  fitTimes.push(await timed(runFit));
  if (!(round % 2)) bareTimes.push(await timed(runBare));
}
const ratios = fitTimes.map((time, i) => time / bareTimes[i]);
console.log(
  JSON.stringify({
    batch: batchSize,
    rounds,
    fit_ms_a_batch: Number(median(fitTimes).toFixed(2)),
    bare_ms_a_batch: Number(median(bareTimes).toFixed(2)),
    fastest: {
      fit: Number(Math.min(...fitTimes).toFixed(2)),
      bare: Number(Math.min(...bareTimes).toFixed(2)),
    },
    overhead_percent: Number((100 * (median(ratios) - 1)).toFixed(2)),
  }),
);
