import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { viewValues } from '../../src/model/view-values.js';
import { runGraph } from '../../src/model/run-graph.js';
import { readGraph } from '../../src/model/model-graph.js';

describe.each(['cpu', 'simd'])('viewValues on the backend %s', (backend) => {
  it('returns the values of data()', async () => {
    await tf.setBackend(backend);
    const x = tf.tensor2d([1, -2, 3, 4], [2, 2]);
    const y = tf.relu(tf.add(x, 1));
    expect([...(await viewValues(y))]).toEqual([2, 0, 4, 5]);
    expect([...(await viewValues(x))]).toEqual([...(await x.data())]);
    tf.dispose([x, y]);
  });
});

it('viewValues makes no copy on the backend simd, and its values stay valid', async () => {
  await tf.setBackend('simd');
  const x = tf.relu(tf.range(-500, 500));
  const [first, second] = [await viewValues(x), await viewValues(x)];
  expect(second.buffer).toBe(first.buffer);
  const values = [...first];
  tf.tidy(() => tf.sum(tf.matMul(tf.ones([700, 700]), tf.ones([700, 700]))).dataSync());
  expect([...first]).toEqual(values);
  x.dispose();
});

it('a convolution whose output is wanted is computed once, not again for the layer after it', async () => {
  await tf.setBackend('simd');
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3, inputShape: [8, 8, 3] }),
      tf.layers.batchNormalization({ name: 'norm' }),
    ],
  });
  const graph = readGraph(model);
  const x = tf.ones([1, 8, 8, 3]);
  const [conv] = runGraph(graph, [x], [graph.names.get('conv')!, graph.names.get('norm')!]);
  const backend = tf.backend() as unknown as { pending(x: tf.TensorInfo): unknown };
  expect(backend.pending(conv)).toBeUndefined();
  model.dispose();
});
