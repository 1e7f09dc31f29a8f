import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CONVOLUTION_METHODS,
  getConvolutionMethod,
  setConvolutionMethod,
  setThreadsCount,
} from '../../src/index.js';
import { expectClose, seededRandom } from '../support/expect-close.js';

type Shape = [number, number, number, number];

interface Case {
  x: Shape;
  filter: Shape;
  strides: number;
  pad: 'same' | 'valid';
  dilations: number;
}

const { below, pick } = seededRandom(7);
const randomCase = (): Case => {
  const strides = pick([1, 1, 2, 3]);
  const size = pick([1, 2, 3, 3, 3, 4, 5]);
  const dilations = strides === 1 ? pick([1, 1, 2]) : 1;
  const span = (size - 1) * dilations + 1;
  return {
    x: [1 + below(5), span + below(12), span + below(12), 1 + below(20)],
    filter: [size, pick([size, size, Math.max(1, size - 1)]), 0, 1 + below(20)],
    strides,
    pad: pick(['same', 'valid'] as const),
    dilations,
  };
};
const cases = Array.from({ length: 40 }, randomCase).map(({ x, filter, ...rest }) => ({
  ...rest,
  x,
  filter: [filter[0], filter[1], x[3], filter[3]] as Shape,
}));
const winogradCases: Case[] = [
  { x: [3, 9, 7, 16], filter: [3, 3, 16, 24], strides: 1, pad: 'same', dilations: 1 },
  { x: [2, 8, 8, 32], filter: [3, 3, 32, 32], strides: 1, pad: 'same', dilations: 1 },
  { x: [5, 10, 6, 24], filter: [3, 3, 24, 16], strides: 1, pad: 'valid', dilations: 1 },
  { x: [70, 4, 4, 16], filter: [3, 3, 16, 16], strides: 1, pad: 'same', dilations: 1 },
  { x: [1, 3, 3, 16], filter: [3, 3, 16, 64], strides: 1, pad: 'valid', dilations: 1 },
  { x: [3, 9, 7, 16], filter: [5, 5, 16, 24], strides: 1, pad: 'same', dilations: 1 },
  { x: [2, 8, 8, 32], filter: [5, 5, 32, 32], strides: 1, pad: 'same', dilations: 1 },
  { x: [5, 10, 6, 24], filter: [5, 5, 24, 16], strides: 1, pad: 'valid', dilations: 1 },
  { x: [40, 5, 6, 16], filter: [5, 5, 16, 64], strides: 1, pad: 'valid', dilations: 1 },
];

/** The result and both gradients on a backend. */
async function compute(backend: string, { x, filter, strides, pad, dilations }: Case) {
  await tf.setBackend(backend);
  return tf.tidy(() => {
    const inputs = [tf.randomNormal(x, 0, 1, 'float32', 1), tf.randomNormal(filter, 0, 1, 'float32', 2)];
    const f = (a: tf.Tensor, b: tf.Tensor) =>
      tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, pad, 'NHWC', dilations);
    const y = f(inputs[0], inputs[1]);
    // TensorFlow.js has no gradients of dilated convolutions.
    const grads =
      dilations > 1 ? [] : tf.grads(f)(inputs, tf.randomNormal(y.shape, 0, 1, 'float32', 3) as tf.Tensor4D);
    return [y, ...grads].map((tensor) => tensor.dataSync<'float32'>());
  });
}

beforeAll(() => tf.setBackend('simd'));
afterAll(() => setConvolutionMethod('winograd'));

describe('convolution and its gradients', () => {
  it.each(cases)(
    'agrees with the cpu backend: $x, $filter, stride $strides, $pad, dilation $dilations',
    async (convolution) => {
      const expected = await compute('cpu', convolution);
      expectClose(await compute('simd', convolution), expected, { tolerance: 1e-5 });
    },
  );

  it.each(winogradCases)(
    'agrees to 1e-4 by winograd, to 1e-5 by winograd-2x2 and direct: $x, $filter, $pad',
    async (convolution) => {
      const expected = await compute('cpu', convolution);
      for (const method of ['direct', 'winograd-2x2'] as const) {
        setConvolutionMethod(method);
        expectClose(await compute('simd', convolution), expected, { tolerance: 1e-5 });
      }
      setConvolutionMethod('winograd');
      expectClose(await compute('simd', convolution), expected, { tolerance: 1e-4 });
    },
  );

  it('gives other bits by each method, and refuses an unknown method', () => {
    const results = CONVOLUTION_METHODS.map((method) => {
      setConvolutionMethod(method);
      expect(getConvolutionMethod()).toBe(method);
      return tf.tidy(() => {
        const x = tf.randomNormal([1, 8, 8, 32], 0, 1, 'float32', 1) as tf.Tensor4D;
        const filter = tf.randomNormal([3, 3, 32, 32], 0, 1, 'float32', 2) as tf.Tensor4D;
        return [...tf.conv2d(x, filter, 1, 'same').dataSync()].join();
      });
    });
    expect(new Set(results).size).toBe(3);
    setConvolutionMethod('winograd');
    expect(() => setConvolutionMethod('fft' as never)).toThrow(
      'Expected method to be one of winograd, winograd-2x2, direct, got "fft"',
    );
  });

  it('gives the same bits with 1, 2 and 3 threads', async () => {
    const selected = [...winogradCases, ...cases.slice(0, 12)];
    const computeAll = async (count: number) => {
      await tf.setBackend('simd');
      await setThreadsCount(count);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const results = [];
      for (const method of ['winograd', 'winograd-2x2'] as const) {
        setConvolutionMethod(method);
        for (const convolution of selected) results.push(await compute('simd', convolution));
      }
      setConvolutionMethod('winograd');
      return results;
    };
    const expected = await computeAll(1);
    expect(await computeAll(2)).toEqual(expected);
    expect(await computeAll(3)).toEqual(expected);
    await setThreadsCount(1);
  });

  it.each(['linear', 'relu', 'relu6', 'sigmoid'] as const)(
    'supports a bias and an activation: %s',
    async (activation) => {
      const run = async (backend: string) => {
        await tf.setBackend(backend);
        return tf.tidy(() => {
          const x = tf.randomNormal([2, 6, 6, 16], 0, 1, 'float32', 1) as tf.Tensor4D;
          const filter = tf.randomNormal([3, 3, 16, 20], 0, 1, 'float32', 2) as tf.Tensor4D;
          const bias = tf.randomNormal([20], 0, 1, 'float32', 3) as tf.Tensor1D;
          return [
            tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias, activation }).dataSync<'float32'>(),
          ];
        });
      };
      expectClose(await run('simd'), await run('cpu'), { tolerance: 1e-5 });
    },
  );
});
