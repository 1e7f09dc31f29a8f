// The kernels of the cpu backend that run in a training step of each architecture of @convlens/models on
// `simd`, with their times.
//   node bench/fallbacks.js [--batch 8] [--model resnet20] [--at-least 0.05]
// (after npm run build in both packages)
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';

const { values } = parseArgs({
  options: {
    batch: { type: 'string', default: '8' },
    model: { type: 'string', default: '' },
    // Milliseconds per step; faster kernels are not printed.
    'at-least': { type: 'string', default: '0.05' },
    dist: { type: 'string', default: '../dist/index.js' },
  },
});

/** Calls and milliseconds of one step, by kernel and result shape. */
const fallbacks = new Map();
for (const kernel of tf.getKernelsForBackend('cpu')) {
  const { kernelName } = kernel;
  tf.unregisterKernel(kernelName, 'cpu');
  const kernelFunc = (call) => {
    // Kernels dispatched before may not have run yet: exclude their time.
    tf.backend().threadPool?.finish();
    const start = performance.now();
    const result = kernel.kernelFunc(call);
    if (tf.getBackend() !== 'simd') return result;
    const [output] = [result].flat();
    const name = `${kernelName} -> ${output?.dtype} [${output?.shape}]`;
    const total = fallbacks.get(name) ?? { calls: 0, ms: 0 };
    total.calls++;
    total.ms += performance.now() - start;
    fallbacks.set(name, total);
    return result;
  };
  tf.registerKernel({ ...kernel, kernelFunc });
}
const { BACKEND_NAME } = await import(values.dist);
const { buildModel, architectureNames } = await import('../../models/dist/index.js');
await tf.setBackend(BACKEND_NAME);

const batch = Number(values.batch);
for (const name of architectureNames.filter((name) => name.includes(values.model))) {
  const model = buildModel(name, { seed: 1 });
  const classes = model.outputs[0].shape[1];
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const x = tf.randomUniform([batch, ...model.inputs[0].shape.slice(1)]);
  const y = tf.oneHot(tf.randomUniform([batch], 0, classes, 'int32'), classes).toFloat();
  await model.trainOnBatch(x, y);
  fallbacks.clear();
  const start = performance.now();
  await model.trainOnBatch(x, y);
  console.log(`${name}: ${(performance.now() - start).toFixed(1)} ms per step of ${batch} images`);
  const rows = [...fallbacks].filter(([, { ms }]) => ms >= Number(values['at-least']));
  for (const [kernel, { calls, ms }] of rows.sort(([, a], [, b]) => b.ms - a.ms))
    console.log(`    ${kernel.padEnd(60)}${String(calls).padStart(5)} x ${ms.toFixed(2).padStart(8)} ms`);
  tf.dispose([x, y]);
  model.dispose();
}
process.exit(0);
