import * as tf from '@tensorflow/tfjs';
import { KerasLayer, pick } from './keras-layer.js';

export interface GeneralReLUOptions {
  /** Values above it are unchanged. */
  threshold: number;
  /** Values below the threshold become negativeSlope * (x - threshold). */
  negativeSlope: number;
  /** The largest output; null for no limit. */
  maxValue: number | null;
}

/** keras.layers.ReLU with a threshold or a slope, which the ReLU of TensorFlow.js lacks. */
export class GeneralReLU extends KerasLayer<GeneralReLUOptions> {
  static className = 'GeneralReLU';

  protected pickOptions(config: GeneralReLUOptions) {
    return pick(config, ['threshold', 'negativeSlope', 'maxValue']);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const { threshold, negativeSlope, maxValue } = this.options;
    const difference = tf.sub(x, threshold);
    // tf.step has a gradient; the gradient of a comparison throws.
    const isAbove = tf.step(difference);
    const below = tf.mul(difference, negativeSlope);
    const y = tf.add(tf.mul(isAbove, x), tf.mul(tf.sub(1, isAbove), below));
    return maxValue === null ? y : tf.minimum(y, maxValue);
  }
}
