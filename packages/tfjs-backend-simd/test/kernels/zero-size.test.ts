import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setThreadsCount } from '../../src/index.js';

beforeAll(() => tf.setBackend('simd'));
afterAll(() => setThreadsCount(1));

/** Typed as what each operation expects. */
const zeros = (...shape: number[]) => tf.zeros(shape) as never;
const ones = (...shape: number[]) => tf.ones(shape) as never;
const noIndices = () => tf.tensor1d([], 'int32');
const layer = (layer: tf.layers.Layer, ...shape: number[]) => layer.apply(zeros(...shape)) as tf.Tensor;

type Expected = [shape: number[], ...values: number[]];

/** The result by definition: a shape, and its values if there are any. Sums of nothing are 0, maxima -Infinity. */
const OPERATIONS: Record<string, [() => tf.Tensor, Expected]> = {
  'relu of no rows': [() => tf.relu(zeros(0, 3)), [[0, 3]]],
  'exp of no columns': [() => tf.exp(zeros(2, 0)), [[2, 0]]],
  'a broadcast sum with no rows': [() => tf.add(zeros(0, 3), ones(3)), [[0, 3]]],
  'a broadcast sum with no columns': [() => tf.add(zeros(2, 0), ones(2, 1)), [[2, 0]]],
  'a sum over no rows': [() => tf.sum(zeros(0, 3), 0), [[3], 0, 0, 0]],
  'a sum over all of nothing': [() => tf.sum(zeros(0, 3)), [[], 0]],
  'a mean over no rows': [() => tf.mean(zeros(0, 2), 0), [[2], NaN, NaN]],
  'a maximum over no rows': [() => tf.max(zeros(0, 2), 0), [[2], -Infinity, -Infinity]],
  'a maximum over the columns of no rows': [() => tf.max(zeros(0, 2), 1), [[0]]],
  'a minimum over no rows': [() => tf.min(zeros(0, 2), 0), [[2], Infinity, Infinity]],
  'all of no rows': [() => tf.all(tf.zeros([0, 2], 'bool'), 0), [[2], 1, 1]],
  'all of nothing, with the dimensions kept': [
    () => tf.all(tf.zeros([0, 2], 'bool'), [0, 1], true),
    [[1, 1], 1],
  ],
  'any of no rows': [() => tf.any(tf.zeros([0, 2], 'bool'), 0), [[2], 0, 0]],
  'softmax of no rows': [() => tf.softmax(zeros(0, 3)), [[0, 3]]],
  'softmax of no classes': [() => tf.softmax(zeros(2, 0)), [[2, 0]]],
  'a matrix product over no columns': [() => tf.matMul(zeros(2, 0), zeros(0, 2)), [[2, 2], 0, 0, 0, 0]],
  'a matrix product of no rows': [() => tf.matMul(zeros(0, 3), zeros(3, 4)), [[0, 4]]],
  'a product of no matrices': [() => tf.matMul(zeros(0, 2, 3), zeros(0, 3, 4)), [[0, 2, 4]]],
  'no matrices times one matrix': [() => tf.matMul(zeros(0, 2, 3), ones(3, 4)), [[0, 2, 4]]],
  'no matrices times a batch of one': [() => tf.matMul(zeros(2, 0, 2, 3), ones(1, 1, 3, 4)), [[2, 0, 2, 4]]],
  'no matrices, transposed, times one matrix': [
    () => tf.matMul(zeros(0, 1, 3, 2), ones(1, 1, 3, 4), true),
    [[0, 1, 2, 4]],
  ],
  'one matrix times no matrices': [() => tf.matMul(ones(2, 3), zeros(0, 3, 4)), [[0, 2, 4]]],
  'no rows times a matrix with bias and activation': [
    () => tf.fused.matMul({ a: zeros(0, 3), b: ones(3, 2), bias: ones(2), activation: 'elu' }),
    [[0, 2]],
  ],
  'a dense layer over no features': [
    () =>
      tf.fused.matMul({
        a: zeros(1, 0),
        b: zeros(0, 2),
        bias: ones(2),
        activation: 'relu',
      }),
    [[1, 2], 1, 1],
  ],
  'a slice of joined rows of nothing': [
    () => tf.slice(tf.concat([zeros(0, 1, 4), zeros(0, 3, 4)], 1), [0, 1, 1], [0, 0, 3]),
    [[0, 0, 3]],
  ],
  'a slice of joined integers of nothing': [
    () => tf.slice(tf.concat([noIndices(), noIndices()]), [0], [0]),
    [[0]],
  ],
  'joined masks of nothing': [
    () => tf.logicalNot(tf.concat([tf.zeros([0, 2], 'bool'), tf.zeros([0, 2], 'bool')], 1)),
    [[0, 4]],
  ],
  'a convolution of no images': [
    () => tf.conv2d(zeros(0, 5, 5, 3), ones(3, 3, 3, 4), 1, 'same'),
    [[0, 5, 5, 4]],
  ],
  'a convolution of no channels': [
    () => tf.conv2d(zeros(1, 1, 2, 0), ones(3, 3, 0, 2), 1, 'same'),
    [[1, 1, 2, 2], 0, 0, 0, 0],
  ],
  'a convolution to no channels': [
    () => tf.conv2d(ones(1, 5, 5, 2), ones(3, 3, 2, 0), 1, 'same'),
    [[1, 5, 5, 0]],
  ],
  'a depthwise convolution of no images': [
    () => tf.depthwiseConv2d(zeros(0, 5, 5, 3), ones(3, 3, 3, 2), 1, 'same'),
    [[0, 5, 5, 6]],
  ],
  'a depthwise convolution of no channels': [
    () => tf.depthwiseConv2d(zeros(1, 5, 5, 0), ones(3, 3, 0, 2), 1, 'same'),
    [[1, 5, 5, 0]],
  ],
  'a transposed convolution of no images': [
    () => tf.conv2dTranspose(zeros(0, 3, 3, 2), ones(3, 3, 4, 2), [0, 6, 6, 4], 2, 'same'),
    [[0, 6, 6, 4]],
  ],
  'max pooling of no images': [() => tf.maxPool(zeros(0, 4, 4, 2), 2, 2, 'same'), [[0, 2, 2, 2]]],
  'average pooling of no channels': [() => tf.avgPool(zeros(1, 4, 4, 0), 2, 2, 'same'), [[1, 2, 2, 0]]],
  'batch norm of no rows': [() => tf.batchNorm(zeros(0, 3), zeros(3), ones(3)), [[0, 3]]],
  'batch norm of no channels': [() => tf.batchNorm(zeros(2, 0), zeros(0), zeros(0)), [[2, 0]]],
  'ReLU of batch norm of no channels': [
    () => tf.relu(tf.batchNorm(zeros(2, 3, 3, 0), zeros(0), zeros(0))),
    [[2, 3, 3, 0]],
  ],
  'a concatenation with no rows': [() => tf.concat([zeros(0, 2), ones(1, 2)]), [[1, 2], 1, 1]],
  'a concatenation of nothing': [() => tf.concat([zeros(0, 3), zeros(0, 2)], 1), [[0, 5]]],
  'a slice of no columns': [() => tf.slice(ones(3, 3), [1, 1], [2, 0]), [[2, 0]]],
  'padding of no rows': [
    () =>
      tf.pad(
        zeros(0, 2),
        [
          [1, 0],
          [0, 0],
        ],
        5,
      ),
    [[1, 2], 5, 5],
  ],
  'a tile repeated 0 times': [() => tf.tile(ones(2, 2), [0, 2]), [[0, 4]]],
  'a transpose of no rows': [() => tf.transpose(zeros(0, 2, 3)), [[3, 2, 0]]],
  'a gather of no rows': [() => tf.gather(ones(3, 2), noIndices()), [[0, 2]]],
  'a cast of no integers': [() => tf.cast(tf.zeros([0], 'int32'), 'float32'), [[0]]],
  'a comparison of nothing': [() => tf.greater(zeros(0, 2), 1), [[0, 2]]],
  'bilinear resizing of no images': [
    () => tf.image.resizeBilinear(zeros(0, 3, 3, 2), [6, 6]),
    [[0, 6, 6, 2]],
  ],
  'nearest resizing of no channels': [
    () => tf.image.resizeNearestNeighbor(zeros(1, 3, 3, 0), [6, 6]),
    [[1, 6, 6, 0]],
  ],
  'the layer Dense of no rows': [() => layer(tf.layers.dense({ units: 3 }), 0, 4), [[0, 3]]],
  'the layer LayerNormalization of no rows': [() => layer(tf.layers.layerNormalization(), 0, 4), [[0, 4]]],
  'the layer GlobalAveragePooling2D of no images': [
    () => layer(tf.layers.globalAveragePooling2d({}), 0, 2, 2, 3),
    [[0, 3]],
  ],
};

const noGradient = (length: number): number[] => new Array<number>(length).fill(0);

/** The gradient of the sum of the result, by definition. */
const GRADIENTS: Record<string, [(x: tf.Tensor4D) => tf.Tensor, Expected]> = {
  'of relu of no rows': [tf.relu, [[0, 3]]],
  'of sigmoid of no rows': [tf.sigmoid, [[0, 3]]],
  'of a convolution of no images': [(x) => tf.conv2d(x, ones(3, 3, 2, 4), 1, 'same'), [[0, 4, 4, 2]]],
  'of the filter of a convolution of no images': [
    (x) => tf.conv2d(zeros(0, 4, 4, 2), x, 1, 'same'),
    [[1, 1, 2, 1], 0, 0],
  ],
  'of a depthwise convolution of no images': [
    (x) => tf.depthwiseConv2d(x, ones(3, 3, 2, 1), 1, 'same'),
    [[0, 4, 4, 2]],
  ],
  'of max pooling of no images': [(x) => tf.maxPool(x, 2, 2, 'same'), [[0, 4, 4, 2]]],
  'of average pooling of no images': [(x) => tf.avgPool(x, 2, 2, 'same'), [[0, 4, 4, 2]]],
  'of the right matrix of a product of no rows': [(x) => tf.matMul(zeros(0, 2), x), [[2, 1], 0, 0]],
  'of a bias added to no rows': [(x) => tf.add(zeros(0, 3), x), [[3], 0, 0, 0]],
  'of a gather of no rows': [(x) => tf.gather(x, noIndices()), [[2, 1], 0, 0]],
  'of bilinear resizing of no images': [(x) => tf.image.resizeBilinear(x, [6, 6]), [[0, 3, 3, 2]]],
  'of softmax of no rows': [(x) => tf.softmax(x), [[0, 3]]],
  'of average pooling to no rows': [(x) => tf.avgPool(x, 3, 1, 'valid'), [[1, 2, 3, 1], ...noGradient(6)]],
  'of max pooling to no columns': [(x) => tf.maxPool(x, 3, 1, 'valid'), [[1, 3, 2, 1], ...noGradient(6)]],
  'of a convolution to no rows': [
    (x) => tf.conv2d(x, ones(3, 3, 2, 4), 1, 'valid'),
    [[1, 2, 3, 2], ...noGradient(12)],
  ],
  'of a depthwise convolution to no rows': [
    (x) => tf.depthwiseConv2d(x, ones(3, 3, 2, 1), 1, 'valid'),
    [[1, 2, 3, 2], ...noGradient(12)],
  ],
  'of the filter of a depthwise convolution to no columns': [
    (x) => tf.depthwiseConv2d(ones(1, 3, 2, 1), x, 1, 'valid'),
    [[3, 3, 1, 1], ...noGradient(9)],
  ],
  'of bilinear resizing to no rows': [
    (x) => tf.image.resizeBilinear(x, [0, 4]),
    [[1, 2, 2, 1], ...noGradient(4)],
  ],
  'of nearest resizing to no columns': [
    (x) => tf.image.resizeNearestNeighbor(x, [4, 0]),
    [[1, 2, 2, 1], ...noGradient(4)],
  ],
};

function expectResult(result: tf.Tensor, [shape, ...values]: Expected): void {
  expect(result.shape).toEqual(shape);
  expect([...result.dataSync()]).toEqual(values);
}

describe.each([1, 2])('with %i threads', (threads) => {
  beforeAll(() => setThreadsCount(threads));

  it.each(Object.entries(OPERATIONS))('%s', (_, [compute, expected]) => {
    tf.tidy(() => expectResult(compute(), expected));
  });

  it.each(Object.entries(GRADIENTS))('the gradient %s', (_, [compute, expected]) => {
    const gradient = tf.grad((x) => tf.sum(compute(x as tf.Tensor4D)));
    tf.tidy(() => expectResult(gradient(zeros(...expected[0])), expected));
  });
});
