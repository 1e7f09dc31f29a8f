import * as tf from '@tensorflow/tfjs';
import { OwnLayer, type Shape } from './own-layer.js';

export interface GeneralReluOptions {
  /** Above it values stay as they are. */
  threshold: number;
  /** Below the threshold: this times (x - threshold). */
  negativeSlope: number;
  /** The most it puts out; null for no limit. */
  maxValue: number | null;
}

/** keras.layers.ReLU with a threshold or a slope, which that of TensorFlow.js leaves out. */
export class GeneralReLU extends OwnLayer<GeneralReluOptions> {
  static className = 'GeneralReLU';

  protected read({ threshold, negativeSlope, maxValue }: GeneralReluOptions): GeneralReluOptions {
    return { threshold, negativeSlope, maxValue };
  }

  protected shapeOf(input: Shape): Shape {
    return input;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const { threshold, negativeSlope, maxValue } = this.options;
    const above = tf.sub(x, threshold);
    // A step, for the gradient of a comparison throws in TensorFlow.js.
    const isAbove = tf.step(above);
    const y = tf.add(tf.mul(isAbove, x), tf.mul(tf.sub(1, isAbove), tf.mul(above, negativeSlope)));
    return maxValue === null ? y : tf.minimum(y, maxValue);
  }
}
