import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { CONVOLUTION_METHODS, setConvolutionMethod, setThreadsCount } from '../../src/index.js';
import {
  compareNonFinite,
  expectAtLeastNaN,
  expectSameNonFinite,
  THREADS,
  type Program,
} from '../support/non-finite.js';

/*
 * Convolutions and what is fused with them give at least the NaN of the cpu backend. They give more where a weight
 * that is not finite meets padding, which the cpu backend skips, and by Winograd's algorithm in the whole tile.
 */

afterAll(async () => {
  setConvolutionMethod('winograd');
  await setThreadsCount(1);
  await tf.setBackend('cpu');
});

type Inputs = [x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D];
const activations = ['linear', 'relu', 'relu6'] as const;

/** A batch norm whose statistics are not finite in some channels. */
const normalize = (y: tf.Tensor, bias: tf.Tensor1D) =>
  tf.batchNorm(y, bias, tf.abs(bias) as tf.Tensor1D, bias, tf.reverse(bias) as tf.Tensor1D);

/** What may follow a convolution; `fused` is one with a fused activation. */
const FUSIONS: Record<
  string,
  (fused: (activation: (typeof activations)[number]) => tf.Tensor, bias: tf.Tensor1D) => tf.Tensor
> = {
  nothing: (fused) => fused('linear'),
  'fused ReLU': (fused) => fused('relu'),
  'fused ReLU6': (fused) => fused('relu6'),
  ReLU: (fused) => tf.relu(fused('linear')),
  ReLU6: (fused) => tf.relu6(fused('linear')),
  'batch norm': (fused, bias) => normalize(fused('linear'), bias),
  'batch norm and ReLU': (fused, bias) => tf.relu(normalize(fused('linear'), bias)),
  'batch norm and ReLU6': (fused, bias) => tf.relu6(normalize(fused('linear'), bias)),
};

interface Shapes {
  x: number[];
  filter: number[];
  strides?: number;
  fraction: number;
}

/** Computed directly by any method. */
const DIRECT: Record<string, Shapes> = {
  'three channels': { x: [1, 7, 6, 3], filter: [3, 3, 3, 5], fraction: 0.02 },
  'five channels, a filter of 2 x 3': { x: [1, 6, 6, 5], filter: [2, 3, 5, 9], fraction: 0.02 },
  'stride 2': { x: [1, 7, 7, 4], filter: [3, 3, 4, 8], strides: 2, fraction: 0.02 },
  'a filter of 1 x 1': { x: [1, 4, 4, 7], filter: [1, 1, 7, 3], fraction: 0.02 },
};
const WINOGRAD: Record<string, Shapes> = {
  '3 x 3': { x: [1, 5, 6, 16], filter: [3, 3, 16, 16], fraction: 0.001 },
  '5 x 5': { x: [1, 5, 4, 16], filter: [5, 5, 16, 16], fraction: 0.001 },
};

/** Gradients are compared for fused activations: for others the convolution is the same. */
const programsOf = (shapes: Record<string, Shapes>, pad: 'same' | 'valid'): Record<string, Program> =>
  Object.fromEntries(
    Object.entries(shapes).flatMap(([shape, { x, filter, strides = 1, fraction }]) =>
      Object.entries(FUSIONS).map(([fusion, apply]): [string, Program] => [
        `${shape}, ${pad}, ${fusion}`,
        {
          shapes: [x, filter, [filter[3]]],
          f: (...inputs) => {
            const [image, weights, bias] = inputs as Inputs;
            const fused = (activation: (typeof activations)[number]) =>
              tf.fused.conv2d({ x: image, filter: weights, bias, strides, pad, activation });
            return apply(fused, bias);
          },
          fraction,
          hasGradients: fusion.startsWith('fused'),
        },
      ]),
    ),
  );

const METHODS = Object.fromEntries(
  CONVOLUTION_METHODS.map((method) => [method, () => setConvolutionMethod(method)]),
);

describe.each(['same', 'valid'] as const)('with padding %s', (pad) => {
  it('direct convolution', async () => {
    await compareNonFinite(programsOf(DIRECT, pad), expectAtLeastNaN);
  });

  it('each method', async () => {
    await compareNonFinite(programsOf(WINOGRAD, pad), expectAtLeastNaN, METHODS);
    setConvolutionMethod('winograd');
  });
});

it('several threads', async () => {
  const shapes = { direct: DIRECT['three channels'], winograd: WINOGRAD['3 x 3'] };
  await compareNonFinite(programsOf(shapes, 'same'), expectAtLeastNaN, THREADS);
});

it('direct convolution gives no more NaN without padding', async () => {
  const results = Object.entries(programsOf(DIRECT, 'valid')).map(
    ([name, program]) => [name, { ...program, hasGradients: false }] as const,
  );
  await compareNonFinite(Object.fromEntries(results), expectSameNonFinite);
});

it('depthwise convolution, which skips padding too', async () => {
  const programs: Record<string, Program> = {};
  for (const activation of activations)
    for (const channels of [3, 8])
      for (const multiplier of [1, 2])
        for (const strides of [1, 2])
          programs[`${activation}, ${channels} channels times ${multiplier}, stride ${strides}`] = {
            shapes: [[2, 7, 6, channels], [3, 3, channels, multiplier], [channels * multiplier]],
            f: (...inputs) => {
              const [x, filter, bias] = inputs as Inputs;
              return tf.fused.depthwiseConv2d({ x, filter, bias, strides, pad: 'same', activation });
            },
            fraction: 0.01,
          };
  await compareNonFinite(programs, expectSameNonFinite);
});

it.each([...CONVOLUTION_METHODS])('a filter of NaN gives NaN only, by method %s', async (method) => {
  await tf.setBackend('simd');
  setConvolutionMethod(method);
  tf.tidy(() => {
    const x = tf.randomNormal([1, 6, 6, 16], 0, 1, 'float32', 1) as tf.Tensor4D;
    const filter = tf.fill([3, 3, 16, 16], NaN) as tf.Tensor4D;
    for (const activation of activations) {
      const y = tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', activation });
      expect(y.dataSync().every(Number.isNaN), activation).toBe(true);
    }
    for (const rectify of [tf.relu, tf.relu6])
      expect(
        rectify(tf.conv2d(x, filter, 1, 'same'))
          .dataSync()
          .every(Number.isNaN),
      ).toBe(true);
  });
  setConvolutionMethod('winograd');
});
