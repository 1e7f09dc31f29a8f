import * as tf from '@tensorflow/tfjs';
import { KerasLayer, pick, type Shape } from './keras-layer.js';

export interface Cropping1DOptions {
  /** The steps to remove, [at the beginning, at the end]. */
  cropping: [number, number];
}

/** keras.layers.Cropping1D. */
export class Cropping1D extends KerasLayer<Cropping1DOptions> {
  static className = 'Cropping1D';

  protected pickOptions(config: Cropping1DOptions) {
    return pick(config, ['cropping']);
  }

  protected override inferShape([batch, steps, channels]: Shape): Shape {
    const [before, after] = this.options.cropping;
    return [batch, steps === null ? null : steps - before - after, channels];
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    return tf.slice(x, [0, this.options.cropping[0], 0], this.inferShape(x.shape) as number[]);
  }
}
