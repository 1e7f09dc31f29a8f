import * as tf from '@tensorflow/tfjs';
import type { Shape } from './own-layer.js';

/** With axes of size 1 behind the batch, so that it has as many as `rank`. */
const widened = ([batch, ...rest]: Shape, rank: number): Shape => [
  batch,
  ...Array.from({ length: rank - 1 - rest.length }, () => 1),
  ...rest,
];

/** The first of two inputs less the second: keras.layers.Subtract. Axes of size 1 stand for any size. */
export class Subtract extends tf.layers.Layer {
  static className = 'Subtract';

  override computeOutputShape(shapes: Shape[]): Shape {
    const rank = Math.max(...shapes.map(({ length }) => length));
    const [first, second] = shapes.map((shape) => widened(shape, rank));
    return first.map((size, axis) => (size === 1 ? second[axis] : size));
  }

  override call(inputs: tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const rank = Math.max(...inputs.map((input) => input.rank));
      const [first, second] = inputs.map((x) => tf.reshape(x, widened(x.shape, rank) as number[]));
      return tf.sub(first, second);
    });
  }
}
