import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { borrowValues } from '../../src/model/borrow-values.js';
import { runPlan } from '../../src/model/graph.js';
import { planModel } from '../../src/model/plan.js';

describe.each(['cpu', 'simd'])('values borrowed from backend %s', (backend) => {
  it('are those that data() reads', async () => {
    await tf.setBackend(backend);
    const x = tf.tensor2d([1, -2, 3, 4], [2, 2]);
    const y = tf.relu(tf.add(x, 1));
    expect([...(await borrowValues(y))]).toEqual([2, 0, 4, 5]);
    expect([...(await borrowValues(x))]).toEqual([...(await x.data())]);
    tf.dispose([x, y]);
  });
});

it('are no copy on backend simd, and stay while other tensors come and go', async () => {
  await tf.setBackend('simd');
  const x = tf.relu(tf.range(-500, 500));
  const [once, twice] = [await borrowValues(x), await borrowValues(x)];
  expect(twice.buffer).toBe(once.buffer);
  const kept = [...once];
  tf.tidy(() => tf.sum(tf.matMul(tf.ones([700, 700]), tf.ones([700, 700]))).dataSync());
  expect([...once]).toEqual(kept);
  x.dispose();
});

it('a convolution that is looked at is computed before the layer behind it, not once for each', async () => {
  await tf.setBackend('simd');
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3, inputShape: [8, 8, 3] }),
      tf.layers.batchNormalization({ name: 'norm' }),
    ],
  });
  const plan = planModel(model);
  const x = tf.ones([1, 8, 8, 3]);
  const [conv] = runPlan(plan, [x], [plan.names.get('conv')!, plan.names.get('norm')!]);
  const backend = tf.backend() as unknown as { pending(x: tf.TensorInfo): unknown };
  expect(backend.pending(conv)).toBeUndefined();
  model.dispose();
});
