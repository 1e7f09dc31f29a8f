import * as tf from '@tensorflow/tfjs';
import { KerasLayer, pick, type Shape } from './keras-layer.js';

export interface ZeroPadding1DOptions {
  /** The steps to add, [before, after]. */
  padding: [number, number];
}

/** keras.layers.ZeroPadding1D. */
export class ZeroPadding1D extends KerasLayer<ZeroPadding1DOptions> {
  static className = 'ZeroPadding1D';

  protected pickOptions(config: ZeroPadding1DOptions) {
    return pick(config, ['padding']);
  }

  protected override inferShape([batch, steps, channels]: Shape): Shape {
    const [before, after] = this.options.padding;
    return [batch, steps === null ? null : before + steps + after, channels];
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    return tf.pad(x, [[0, 0], this.options.padding, [0, 0]]);
  }
}
