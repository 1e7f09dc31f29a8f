import * as tf from '@tensorflow/tfjs';
import { KerasLayer, pick, type Shape } from './keras-layer.js';

export interface UpSampling1DOptions {
  /** The number of copies of each step. */
  size: number;
}

/** keras.layers.UpSampling1D. */
export class UpSampling1D extends KerasLayer<UpSampling1DOptions> {
  static className = 'UpSampling1D';

  protected pickOptions(config: UpSampling1DOptions) {
    return pick(config, ['size']);
  }

  protected override inferShape([batch, steps, channels]: Shape): Shape {
    return [batch, steps === null ? null : steps * this.options.size, channels];
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const copies = tf.tile(tf.expandDims(x, 2), [1, 1, this.options.size, 1]);
    return tf.reshape(copies, this.inferShape(x.shape) as number[]);
  }
}
