import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readGraph } from '../../src/model/model-graph.js';
import { runScores } from '../../src/model/scores.js';

beforeAll(() => tf.setBackend('cpu'));

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const expectClose = (actual: tf.Tensor, expected: tf.Tensor) => {
  expect(actual.shape).toEqual(expected.shape);
  const difference = tf.max(tf.abs(tf.sub(actual, expected)));
  expect(difference.dataSync()[0]).toBeLessThan(1e-5);
};

describe('runScores', () => {
  const head = (...layers: tf.layers.Layer[]) =>
    tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 2, 1] }), ...layers] });
  const x = () => tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  const dense = (activation?: 'softmax' | 'linear') =>
    tf.layers.dense({ units: 3, activation, kernelInitializer: 'ones', biasInitializer: 'ones' });

  it.each([
    ['inside the last dense layer', () => head(dense('softmax'))],
    ['a layer of its own', () => head(dense(), tf.layers.softmax())],
    ['an activation layer', () => head(dense(), tf.layers.activation({ activation: 'softmax' }))],
    ['followed by a reshape', () => head(dense('softmax'), tf.layers.reshape({ targetShape: [3] }))],
    ['in a nested model', () => tf.sequential({ layers: [head(dense('softmax'))] })],
    ['absent', () => head(dense())],
  ])('takes the input of the softmax for logits: %s', (_, make) => {
    const graph = readGraph(make());
    expectClose(runScores(graph, x())[0], tf.tensor2d([[11, 11, 11]]));
    expectClose(runScores(graph, x(), { score: 'probability' })[0], tf.fill([1, 3], 1 / 3));
  });
});
