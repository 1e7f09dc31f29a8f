import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CONVOLUTION_METHODS, setConvolutionMethod } from '../../src/index.js';

beforeAll(() => tf.setBackend('simd'));
afterAll(() => setConvolutionMethod('winograd'));

const SIZES: [filterSize: number, height: number, width: number][] = [
  [3, 1, 1],
  [3, 1, 9],
  [3, 7, 1],
  [5, 1, 1],
  [5, 2, 2],
  [5, 2, 8],
  [5, 3, 1],
];

it.each(SIZES)(
  'weights of a filter of size %i that see only padding in images of %i x %i pixels have the gradient 0',
  (size, height, width) => {
    const x = tf.randomNormal([3, height, width, 16], 1, 1, 'float32', 1) as tf.Tensor4D;
    const filter = tf.randomNormal([size, size, 16, 16], 0, 1, 'float32', 2) as tf.Tensor4D;
    const dy = tf.randomNormal([3, height, width, 16], 1, 1, 'float32', 3);
    const pad = (size - 1) / 2;
    /** Whether some output multiplies this row of the filter with a row of pixels. */
    const sees = (offset: number, length: number) => Math.abs(offset - pad) < length;
    for (const method of CONVOLUTION_METHODS) {
      setConvolutionMethod(method);
      tf.tidy(() => {
        const gradient = tf.grad((w) => tf.conv2d(x, w as tf.Tensor4D, 1, 'same'))(filter, dy);
        const taps = tf.max(tf.abs(gradient), [2, 3]).arraySync() as number[][];
        taps.forEach((row, i) =>
          row.forEach((largest, j) => expect(largest > 0).toBe(sees(i, height) && sees(j, width))),
        );
      });
    }
    tf.dispose([x, filter, dy]);
  },
);
