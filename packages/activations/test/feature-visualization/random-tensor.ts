import * as tf from '@tensorflow/tfjs';
import { randomAt } from '@convlens/core';

const random = randomAt(5, 'parts');

/** A tensor of random values, 0 to 1. */
export const randomTensor = (...shape: [number, number, number, number]) =>
  tf.tensor4d(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, random), shape);
