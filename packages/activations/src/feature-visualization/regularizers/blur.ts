import * as tf from '@tensorflow/tfjs';
import { identity, multiplySides, separableProduct, transpose, type Matrix } from '../separable-product.js';

/** A Gaussian kernel of `size` weights, with the standard deviation that OpenCV derives from the size. */
function gaussianKernel(size: number): number[] {
  const radius = (size - 1) / 2;
  const deviation = 0.15 * size + 0.35;
  const weights = Array.from({ length: size }, (_, i) => Math.exp(-(((i - radius) / deviation) ** 2) / 2));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

/** The matrix that blurs `length` positions; positions outside are filled with the nearest value. */
function blurMatrix(length: number, size: number): Matrix {
  const radius = (size - 1) / 2;
  const kernel = gaussianKernel(size);
  return Array.from({ length }, (_, position) => {
    const row = new Array<number>(length).fill(0);
    kernel.forEach((weight, i) => {
      row[Math.min(length - 1, Math.max(0, position + i - radius))] += weight;
    });
    return row;
  });
}

/**
 * Blurs images, count x height x width x channels, with a Gaussian kernel of size x size pixels: a new
 * tensor.
 */
export function blur(image: tf.Tensor4D, { size }: { size: number }): tf.Tensor4D {
  const [, height, width, channels] = image.shape;
  return tf.tidy(() => {
    const left = blurMatrix(height, size);
    const right = transpose(blurMatrix(width, size));
    return multiplySides(image, separableProduct({ left, right, colors: identity(channels) }));
  });
}
