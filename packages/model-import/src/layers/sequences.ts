import * as tf from '@tensorflow/tfjs';
import { OwnLayer, type Shape } from './own-layer.js';

const resized = ([batch, steps, channels]: Shape, change: (steps: number) => number): Shape => [
  batch,
  steps === null ? null : change(steps),
  channels,
];

/** keras.layers.ZeroPadding1D: zeros before and after. */
export class ZeroPadding1D extends OwnLayer<{ padding: [number, number] }> {
  static className = 'ZeroPadding1D';

  protected read({ padding }: { padding: [number, number] }) {
    return { padding };
  }

  protected shapeOf(input: Shape): Shape {
    const [before, after] = this.options.padding;
    return resized(input, (steps) => before + steps + after);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    return tf.pad(x, [[0, 0], this.options.padding, [0, 0]]);
  }
}

/** keras.layers.Cropping1D: steps taken off the beginning and the end. */
export class Cropping1D extends OwnLayer<{ cropping: [number, number] }> {
  static className = 'Cropping1D';

  protected read({ cropping }: { cropping: [number, number] }) {
    return { cropping };
  }

  protected shapeOf(input: Shape): Shape {
    const [before, after] = this.options.cropping;
    return resized(input, (steps) => steps - before - after);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const [batch, steps, channels] = this.shapeOf(x.shape) as number[];
    return tf.slice(x, [0, this.options.cropping[0], 0], [batch, steps, channels]);
  }
}

/** keras.layers.UpSampling1D: each step repeated. */
export class UpSampling1D extends OwnLayer<{ size: number }> {
  static className = 'UpSampling1D';

  protected read({ size }: { size: number }) {
    return { size };
  }

  protected shapeOf(input: Shape): Shape {
    return resized(input, (steps) => steps * this.options.size);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const [batch, steps, channels] = x.shape;
    const repeated = tf.tile(tf.expandDims(x, 2), [1, 1, this.options.size, 1]);
    return tf.reshape(repeated, [batch, steps * this.options.size, channels]);
  }
}
