import * as tf from '@tensorflow/tfjs';
import { identity, multiplySides, separableProduct, transpose, type Matrix } from './separable.js';

/** A line of places blurred by a Gaussian kernel; beyond the ends the end goes on. */
function blurMatrix(length: number, size: number): Matrix {
  const reach = (size - 1) / 2;
  const deviation = 0.15 * size + 0.35;
  const weights = Array.from({ length: size }, (_, i) => Math.exp(-(((i - reach) / deviation) ** 2) / 2));
  const sum = weights.reduce((a, b) => a + b);
  return Array.from({ length }, (_, to) => {
    const line = new Array<number>(length).fill(0);
    weights.forEach((weight, i) => {
      line[Math.min(length - 1, Math.max(0, to + i - reach))] += weight / sum;
    });
    return line;
  });
}

/** Blurs images by a Gaussian kernel of size x size pixels. */
export function blur(image: tf.Tensor4D, { size }: { size: number }): tf.Tensor4D {
  const [, height, width, channels] = image.shape;
  return tf.tidy(() => {
    const left = blurMatrix(height, size);
    const right = transpose(blurMatrix(width, size));
    return multiplySides(image, separableProduct({ left, right, colours: identity(channels) }));
  });
}
