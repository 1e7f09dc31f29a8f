import * as tf from '@tensorflow/tfjs';
import { KerasLayer, pick } from './keras-layer.js';

export interface ScaledELUOptions {
  alpha: number;
}

/** keras.layers.ELU with an alpha other than 1: x for x > 0, else alpha * (exp(x) - 1). */
export class ScaledELU extends KerasLayer<ScaledELUOptions> {
  static className = 'ScaledELU';

  protected pickOptions(config: ScaledELUOptions) {
    return pick(config, ['alpha']);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const negativePart = tf.neg(tf.relu(tf.neg(x)));
    return tf.add(tf.relu(x), tf.mul(tf.elu(negativePart), this.options.alpha));
  }
}
