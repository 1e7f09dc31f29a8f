// Which kernels of the cpu backend still run while the networks of @convlens/models train on `simd`, and how long.
//   node bench/fallbacks.js [--batch 8] [--model resnet20] [--at-least 0.05]      (after npm run build in the repository's root)
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';

const { values } = parseArgs({
  options: {
    batch: { type: 'string', default: '8' },
    model: { type: 'string', default: '' },
    // Milliseconds a step: kernels of a few values are left out.
    'at-least': { type: 'string', default: '0.05' },
    dist: { type: 'string', default: '../dist/index.js' },
  },
});

/** Of one step, by kernel and the shape of its result. */
const fallbacks = new Map();
for (const kernel of tf.getKernelsForBackend('cpu')) {
  const { kernelName } = kernel;
  tf.unregisterKernel(kernelName, 'cpu');
  const kernelFunc = (call) => {
    // Kernels asked for before may be still to run: not on its account.
    tf.backend().threads?.finish?.();
    const began = performance.now();
    const result = kernel.kernelFunc(call);
    if (tf.getBackend() !== 'simd') return result;
    const first = [result].flat()[0];
    const name = `${kernelName} -> ${first?.dtype} [${first?.shape}]`;
    const total = fallbacks.get(name) ?? { calls: 0, ms: 0 };
    total.calls++;
    total.ms += performance.now() - began;
    fallbacks.set(name, total);
    return result;
  };
  tf.registerKernel({ ...kernel, kernelFunc });
}
const { BACKEND } = await import(values.dist);
const { buildModel, modelNames } = await import('../../models/dist/index.js');
await tf.setBackend(BACKEND);

const batch = Number(values.batch);
for (const name of modelNames.filter((one) => one.includes(values.model))) {
  const model = buildModel(name, { seed: 1 });
  const classes = model.outputs[0].shape[1];
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const x = tf.randomUniform([batch, ...model.inputs[0].shape.slice(1)]);
  const y = tf.oneHot(tf.randomUniform([batch], 0, classes, 'int32'), classes).toFloat();
  await model.trainOnBatch(x, y);
  fallbacks.clear();
  const began = performance.now();
  await model.trainOnBatch(x, y);
  console.log(`${name}: ${(performance.now() - began).toFixed(1)} ms a step of ${batch} images`);
  const rows = [...fallbacks].filter(([, { ms }]) => ms >= Number(values['at-least']));
  for (const [kernel, { calls, ms }] of rows.sort(([, a], [, b]) => b.ms - a.ms))
    console.log(`    ${kernel.padEnd(60)}${String(calls).padStart(5)} x ${ms.toFixed(2).padStart(8)} ms`);
  tf.dispose([x, y]);
  model.dispose();
}
process.exit(0);
