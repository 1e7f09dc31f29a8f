// Where the time of a training step goes, kernel by kernel, through tf.layers on `simd`.
//   node bench/profile.js [--batch 64] [--threads 2] [--steps 10] [--no-dropout] [--shapes]      (after npm run build)
// Beside medians stand minima: of each call the quickest of all steps, then summed. On a machine that others use as well
// they say more. --shapes tells calls apart by what they return.
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
const { BACKEND, setThreadsCount } = await import(values.dist);
const [batch, threads, steps] = [values.batch, values.threads, values.steps].map(Number);

/** Of one step, by kernel: the milliseconds of each call, and bytes of the tensors read and written, views left out. */
let totals = new Map();
let depth = 0;
const VIEWS = ['Identity', 'Reshape', 'Cast'];
const bytesOf = (tensors) =>
  [tensors]
    .flat()
    .filter(Boolean)
    .reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
for (const kernel of tf.getKernelsForBackend(BACKEND)) {
  const { kernelName } = kernel;
  tf.unregisterKernel(kernelName, BACKEND);
  const kernelFunc = (call) => {
    const began = performance.now();
    depth++;
    try {
      const result = kernel.kernelFunc(call);
      // Kernels may run later than they are asked for; here each is waited for, so a step takes longer than it does otherwise.
      if (depth === 1) tf.backend().threads.finish?.();
      if (depth === 1) {
        const ms = performance.now() - began;
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

await tf.setBackend(BACKEND);
await setThreadsCount(threads);
const model = cifar10Bn6conv(tf, { dropout: !values['no-dropout'] });
const { applyGradients } = model.optimizer;
let optimizerMs = 0;
model.optimizer.applyGradients = function (gradients) {
  const began = performance.now();
  applyGradients.call(this, gradients);
  tf.backend().threads.finish?.();
  optimizerMs += performance.now() - began;
};
const x = tf.randomUniform([batch, 32, 32, 3]);
const y = tf.oneHot(tf.randomUniform([batch], 0, 10, 'int32'), 10).toFloat();
const step = async () => {
  const began = performance.now();
  await model.trainOnBatch(x, y);
  return performance.now() - began;
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
row('kernel, a step', 'calls', 'median ms', 'least ms', 'MB');
const rows = [...byStep[0]].map(([name, { calls, bytes }]) => {
  const steps = byStep.map((of) => of.get(name)?.calls ?? []);
  const least = sum(calls.map((_, i) => Math.min(...steps.map((of) => of[i] ?? Infinity))));
  return { name, calls: calls.length, bytes, ms: median(steps.map(sum)), least };
});
for (const { name, calls, ms, least, bytes } of rows.sort((a, b) => b.least - a.least))
  row(name, String(calls), ms.toFixed(2), least.toFixed(2), (bytes / 1e6).toFixed(1));
const total = (key) => sum(rows.map((of) => of[key]));
const outside = byStep.map((of, i) => times[i] - sum([...of.values()].map(({ calls }) => sum(calls))));
row(
  'all kernels',
  String(total('calls')),
  total('ms').toFixed(2),
  total('least').toFixed(2),
  (total('bytes') / 1e6).toFixed(1),
);
row('optimizer, all of it', '1', median(optimizerTimes).toFixed(2), Math.min(...optimizerTimes).toFixed(2));
row('outside kernels', '', median(outside).toFixed(2), Math.min(...outside).toFixed(2));
const ms = median(times);
console.log(
  `step: median ${ms.toFixed(1)} ms, best ${Math.min(...times).toFixed(1)}; ${((1000 * batch) / ms).toFixed(0)} images/s`,
);
console.log(`tensors ${tf.memory().numTensors}, resident ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
