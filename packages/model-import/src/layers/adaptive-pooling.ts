import * as tf from '@tensorflow/tfjs';
import { OwnLayer, type Shape } from './own-layer.js';

export interface AdaptivePoolingOptions {
  mode: 'average' | 'max';
  /** How many windows there are along each axis. */
  outputSize: number[];
}

/**
 * Pooling into a given number of windows, of which the i-th of n begins at floor(i size / n) and ends at
 * ceil((i + 1) size / n): keras.layers.AdaptiveAveragePooling2D and its kin. Axis after axis, for all windows of an
 * axis are as wide wherever they stand along the others.
 */
export class AdaptivePooling extends OwnLayer<AdaptivePoolingOptions> {
  static className = 'AdaptivePooling';

  protected read({ mode, outputSize }: AdaptivePoolingOptions) {
    return { mode, outputSize };
  }

  protected shapeOf(input: Shape): Shape {
    return [input[0], ...this.options.outputSize, input.at(-1)!];
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const reduce = this.options.mode === 'max' ? tf.max : tf.mean;
    return this.options.outputSize.reduce((y, count, i) => {
      const axis = i + 1;
      const size = y.shape[axis];
      const windows = Array.from({ length: count }, (_, k) => {
        const [start, end] = [Math.floor((k * size) / count), Math.ceil(((k + 1) * size) / count)];
        const window = tf.slice(
          y,
          y.shape.map((_, other) => (other === axis ? start : 0)),
          y.shape.map((all, other) => (other === axis ? end - start : all)),
        );
        return reduce(window, axis, true) as tf.Tensor;
      });
      return tf.concat(windows, axis);
    }, x);
  }
}
