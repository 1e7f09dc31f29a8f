import * as tf from '@tensorflow/tfjs';
import type { Shape } from './keras-layer.js';

/** Inserts axes of size 1 after the batch, up to `rank` axes. */
function padRank([batch, ...rest]: Shape, rank: number): Shape {
  return [batch, ...Array.from({ length: rank - 1 - rest.length }, () => 1), ...rest];
}

/** keras.layers.Subtract: the first of two inputs minus the second, with broadcasting. */
export class Subtract extends tf.layers.Layer {
  static className = 'Subtract';

  override computeOutputShape(shapes: Shape[]): Shape {
    const rank = Math.max(...shapes.map(({ length }) => length));
    const [first, second] = shapes.map((shape) => padRank(shape, rank));
    return first.map((size, axis) => (size === 1 ? second[axis] : size));
  }

  override call(inputs: tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const rank = Math.max(...inputs.map((input) => input.rank));
      const [first, second] = inputs.map((x) => tf.reshape(x, padRank(x.shape, rank) as number[]));
      return tf.sub(first, second);
    });
  }
}
