import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { setThreadsCount } from '../../src/index.js';
import { relativeError } from '../support/expect-close.js';

/*
 * Gradients of @convlens/tfjs-gradients that this backend computes by kernels, against those composed on the cpu backend,
 * which the tests of that package compare with float64 references.
 */

afterAll(() => tf.setBackend('cpu'));

type Size = [number, number];
type Padding = 'valid' | 'same' | number;

/** Seeded, so that both backends read the same. */
const random = (shape: number[], seed: number) => tf.randomUniform(shape, -1, 1, 'float32', seed);

const averagePool = (size: Size, strides: Size, padding: Padding, shape: number[]) => () => {
  const pool = (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, size, strides, padding);
  const x = random(shape, 1);
  return [tf.grad(pool)(x, random(pool(x).shape, 2))];
};

const resize =
  (interpolation: 'resizeBilinear' | 'resizeNearestNeighbor', size: Size, shape: number[], aligned = false) =>
  () => {
    const f = (x: tf.Tensor) => tf.image[interpolation](x as tf.Tensor4D, size, aligned, !aligned);
    return [tf.grad(f)(random(shape, 3), random([shape[0], ...size, shape[3]], 4))];
  };

const depthwise =
  (filter: Size, dilations: Size, padding: Padding, [shape, multiplier]: [number[], number]) =>
  () => {
    const f = (x: tf.Tensor, w: tf.Tensor) =>
      tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, padding, 'NHWC', dilations);
    const [x, w] = [random(shape, 5), random([...filter, shape[3], multiplier], 6)];
    return tf.grads(f as never)([x, w], random(f(x, w).shape, 7));
  };

const CASES: Record<string, () => tf.Tensor[]> = {
  'average pooling of 2x2, same': averagePool([2, 2], [2, 2], 'same', [2, 5, 7, 3]),
  'average pooling of 3x3, overlapping, same': averagePool([3, 3], [1, 1], 'same', [2, 6, 7, 8]),
  'average pooling of 3x3, strides 2, same': averagePool([3, 3], [2, 2], 'same', [3, 9, 6, 5]),
  'average pooling of 4x3, padding 1': averagePool([4, 4], [2, 2], 1, [1, 8, 9, 4]),
  'average pooling of many pixels, same': averagePool([3, 3], [2, 2], 'same', [4, 33, 47, 16]),
  'average pooling without padding': averagePool([2, 3], [2, 1], 'valid', [2, 6, 7, 6]),
  'bilinear resizing, doubled': resize('resizeBilinear', [6, 6], [2, 3, 3, 3]),
  'bilinear resizing, not square': resize('resizeBilinear', [7, 9], [2, 3, 5, 4]),
  'bilinear resizing, smaller': resize('resizeBilinear', [3, 4], [1, 8, 7, 5]),
  'bilinear resizing, aligned': resize('resizeBilinear', [9, 5], [2, 4, 6, 3], true),
  'bilinear resizing of many pixels': resize('resizeBilinear', [64, 56], [4, 32, 28, 16]),
  'nearest resizing by factors': resize('resizeNearestNeighbor', [6, 15], [2, 3, 5, 3]),
  'nearest resizing to other sizes': resize('resizeNearestNeighbor', [7, 4], [2, 3, 5, 3]),
  'nearest resizing, aligned': resize('resizeNearestNeighbor', [7, 9], [2, 3, 5, 3], true),
  'a depthwise convolution, dilated': depthwise([3, 3], [2, 2], 'valid', [[2, 9, 8, 5], 1]),
  'a depthwise convolution, dilated, same': depthwise([3, 2], [2, 3], 'same', [[2, 9, 8, 4], 1]),
  'a depthwise convolution, dilated, with a multiplier': depthwise([2, 3], [3, 1], 'same', [[1, 7, 8, 3], 2]),
  'a depthwise convolution, dilated, padding 3': depthwise([3, 3], [2, 2], 3, [[2, 6, 7, 4], 1]),
  'a depthwise convolution, dilated, of many pixels': depthwise([3, 3], [2, 2], 'same', [[4, 32, 32, 16], 1]),
};

describe.each(Object.entries(CASES))('%s', (_, gradients) => {
  const run = () => tf.tidy(() => gradients().map((gradient) => gradient.dataSync<'float32'>()));

  it('has the gradient that is composed, with the same bits on any number of threads', async () => {
    await tf.setBackend('cpu');
    const expected = run();
    await tf.setBackend('simd');
    const results: Float32Array[][] = [];
    for (const threads of [1, 2, 3]) {
      await setThreadsCount(threads);
      results.push(run());
    }
    results[0].forEach((values, i) => expect(relativeError(values, expected[i])).toBeLessThan(1e-5));
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });
});

describe('the layer AveragePooling2D with padding same', () => {
  // Keras: GradientTape of the sum of AveragePooling2D(2, 2, 'same') on 5x5.
  it('divides the gradient by the pixels that are inside of the image', async () => {
    await tf.setBackend('simd');
    const pool = tf.layers.averagePooling2d({ poolSize: 2, strides: 2, padding: 'same' });
    const sum = (x: tf.Tensor) => tf.sum(pool.apply(x) as tf.Tensor);
    const gradient = tf
      .grad(sum)(tf.range(0, 25).reshape([1, 5, 5, 1]))
      .dataSync();
    const edge = (i: number) => (i === 4 ? 2 : 1);
    const expected = Array.from({ length: 25 }, (_, i) => edge(Math.floor(i / 5)) * edge(i % 5) * 0.25);
    expect([...gradient]).toEqual(expected);
  });
});

describe('second-order gradients', () => {
  it.each(['average pooling of 2x2, same', 'bilinear resizing, not square'])('%s', async (name) => {
    const pooling = (x: tf.Tensor) =>
      name.startsWith('average')
        ? tf.avgPool(x as tf.Tensor4D, 2, 2, 'same')
        : tf.image.resizeBilinear(x as tf.Tensor4D, [7, 9], false, true);
    const f = (x: tf.Tensor) => tf.sum(tf.square(pooling(x))) as tf.Scalar;
    await tf.setBackend('simd');
    const [product, gradient] = tf.tidy(() => {
      const x = random([1, 5, 7, 2], 8);
      const score = (y: tf.Tensor) => tf.sum(tf.mul(y, tf.grad(f)(y)));
      return [tf.grad(score)(x).dataSync<'float32'>(), tf.mul(tf.grad(f)(x), 2).dataSync<'float32'>()];
    });
    // f is quadratic, so that the gradient of x . grad f(x) is 2 grad f(x).
    expect(relativeError(product, gradient)).toBeLessThan(1e-5);
  });
});

describe('after another copy of TensorFlow.js was loaded, which registers its gradients', () => {
  it('the kernels of this backend compute the gradients', async () => {
    await tf.setBackend('simd');
    const requireOfTensorFlow = createRequire(createRequire(import.meta.url).resolve('@tensorflow/tfjs'));
    const file = requireOfTensorFlow.resolve('@tensorflow/tfjs-layers');
    const cached = requireOfTensorFlow.cache[file];
    delete requireOfTensorFlow.cache[file];
    requireOfTensorFlow(file);
    requireOfTensorFlow.cache[file] = cached;
    const f = (x: tf.Tensor) => tf.sum(tf.avgPool(tf.leakyRelu(tf.relu(x)) as tf.Tensor4D, 2, 2, 'same'));
    const x = random([1, 5, 7, 2], 8);
    const { kernelNames, result } = await tf.profile(() => tf.grad(f)(x));
    expect(kernelNames).toEqual(
      expect.arrayContaining(['SimdAvgPoolGradient', 'SimdReluGradient', 'SimdLeakyReluGradient']),
    );
    tf.dispose([x, result as tf.Tensor]);
  });
});
