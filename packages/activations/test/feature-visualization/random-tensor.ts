import * as tf from '@tensorflow/tfjs';
import { randomAt } from '@convlens/core';

/** A tensor of random values, 0 to 1, which depend on its shape only. */
export const randomTensor = (...shape: [number, number, number, number]) =>
  tf.tensor4d(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, randomAt(5, 'parts', ...shape)),
    shape,
  );
