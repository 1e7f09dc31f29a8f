// The time of each kernel in a training step of cifar10-bn-6conv on `simd`.
//   node bench/profile.js [--batch 64] [--threads 2] [--steps 10] [--no-dropout] [--shapes]
// (after npm run build). Prints the median over the steps, and the sum over calls of the fastest time of each
// call, which is more reliable on a machine with other load. --shapes distinguishes calls by result shape.
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { cifar10Bn6conv } from './cifar10-bn-6conv.js';

const { values } = parseArgs({
  options: {
    batch: { type: 'string', default: '64' },
    threads: { type: 'string', default: '2' },
    steps: { type: 'string', default: '10' },
    dist: { type: 'string', default: '../dist/index.js' },
    'no-dropout': { type: 'boolean', default: false },
    shapes: { type: 'boolean', default: false },
  },
});
const { BACKEND_NAME, setThreadsCount } = await import(values.dist);
const [batch, threads, steps] = [values.batch, values.threads, values.steps].map(Number);

/** Of one step, by kernel: the milliseconds of each call, and the bytes read and written, without views. */
let totals = new Map();
let depth = 0;
const VIEWS = ['Identity', 'Reshape', 'Cast'];
const bytesOf = (tensors) =>
  [tensors]
    .flat()
    .filter(Boolean)
    .reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
for (const kernel of tf.getKernelsForBackend(BACKEND_NAME)) {
  const { kernelName } = kernel;
  tf.unregisterKernel(kernelName, BACKEND_NAME);
  const kernelFunc = (call) => {
    const start = performance.now();
    depth++;
    try {
      const result = kernel.kernelFunc(call);
      if (depth === 1) {
        // Waits for each kernel, so a step takes longer than usual.
        tf.backend().threadPool.finish();
        const ms = performance.now() - start;
        const shape = values.shapes ? ` ${[result].flat()[0].shape.join('x')}` : '';
        const total = totals.get(kernelName + shape) ?? { calls: [], bytes: 0 };
        total.calls.push(ms);
        if (!VIEWS.includes(kernelName)) total.bytes += bytesOf(Object.values(call.inputs)) + bytesOf(result);
        totals.set(kernelName + shape, total);
      }
      return result;
    } finally {
      depth--;
    }
  };
  tf.registerKernel({ ...kernel, kernelFunc });
}

await tf.setBackend(BACKEND_NAME);
await setThreadsCount(threads);
const model = cifar10Bn6conv(tf, { dropout: !values['no-dropout'] });
const { applyGradients } = model.optimizer;
let optimizerMs = 0;
model.optimizer.applyGradients = function (gradients) {
  const start = performance.now();
  applyGradients.call(this, gradients);
  tf.backend().threadPool.finish();
  optimizerMs += performance.now() - start;
};
const x = tf.randomUniform([batch, 32, 32, 3]);
const y = tf.oneHot(tf.randomUniform([batch], 0, 10, 'int32'), 10).toFloat();
const step = async () => {
  const start = performance.now();
  await model.trainOnBatch(x, y);
  return performance.now() - start;
};
for (let i = 0; i < 3; i++) {
  await step();
  await new Promise((resolve) => setTimeout(resolve, 20));
}
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const times = [];
const optimizerTimes = [];
const byStep = [];
for (let i = 0; i < steps; i++) {
  totals = new Map();
  optimizerMs = 0;
  times.push(await step());
  byStep.push(totals);
  optimizerTimes.push(optimizerMs);
}

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const row = (name, ...cells) =>
  console.log(name.padEnd(44) + cells.map((cell) => cell.padStart(10)).join(''));
row('kernel, per step', 'calls', 'median ms', 'least ms', 'MB');
const rows = [...byStep[0]].map(([name, { calls, bytes }]) => {
  const callsByStep = byStep.map((totals) => totals.get(name)?.calls ?? []);
  const least = sum(calls.map((_, i) => Math.min(...callsByStep.map((times) => times[i] ?? Infinity))));
  return { name, calls: calls.length, bytes, ms: median(callsByStep.map(sum)), least };
});
for (const { name, calls, ms, least, bytes } of rows.sort((a, b) => b.least - a.least))
  row(name, String(calls), ms.toFixed(2), least.toFixed(2), (bytes / 1e6).toFixed(1));
const total = (key) => sum(rows.map((row) => row[key]));
const outside = byStep.map(
  (totals, i) => times[i] - sum([...totals.values()].map(({ calls }) => sum(calls))),
);
row(
  'all kernels',
  String(total('calls')),
  total('ms').toFixed(2),
  total('least').toFixed(2),
  (total('bytes') / 1e6).toFixed(1),
);
row(
  'optimizer with JavaScript',
  '1',
  median(optimizerTimes).toFixed(2),
  Math.min(...optimizerTimes).toFixed(2),
);
row('outside kernels', '', median(outside).toFixed(2), Math.min(...outside).toFixed(2));
const ms = median(times);
const range = `median ${ms.toFixed(1)} ms, least ${Math.min(...times).toFixed(1)}`;
console.log(`step: ${range}; ${((1000 * batch) / ms).toFixed(0)} images/s`);
console.log(`tensors ${tf.memory().numTensors}, resident ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
