import * as tf from '@tensorflow/tfjs';
import { randomAt } from '@convlens/core';

/** A function that makes tensors of random values, 0 to 1, of one stream. Each test file has its own. */
export function randomTensors() {
  const random = randomAt(5, 'parts');
  return (...shape: [number, number, number, number]) =>
    tf.tensor4d(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, random), shape);
}
