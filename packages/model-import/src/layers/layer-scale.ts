import * as tf from '@tensorflow/tfjs';
import { addWeight, KerasLayer, pick, type Shape } from './keras-layer.js';

export interface LayerScaleOptions {
  channels: number;
}

/** LayerScale of the ConvNeXt of keras.applications: x * gamma, with one factor for each channel. */
export class LayerScale extends KerasLayer<LayerScaleOptions> {
  static className = 'LayerScale';
  private gamma?: tf.LayerVariable;

  protected pickOptions(config: LayerScaleOptions) {
    return pick(config, ['channels']);
  }

  override build(input: Shape | Shape[]): void {
    this.gamma = addWeight(this, 'gamma', { shape: [this.options.channels], initializer: 'ones' });
    super.build(input);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    return tf.mul(x, this.gamma!.read());
  }
}
