import * as tf from '@tensorflow/tfjs';
import { KerasLayer, pick, type Shape } from '../layers/keras-layer.js';

export interface SelectChannelsOptions {
  /** Positions on the last axis, in the order of the output. */
  channels: number[];
  /** False for a single channel without an axis of its own, as `x[..., 0]`. */
  keepsAxis: boolean;
}

/** Indexing of the last axis: `x[..., ::-1]`, `x[..., 0:3]`, `x[..., 0]`. */
export class SelectChannels extends KerasLayer<SelectChannelsOptions> {
  static className = 'SelectChannels';

  protected pickOptions(config: SelectChannelsOptions) {
    return pick(config, ['channels', 'keepsAxis']);
  }

  protected override inferShape(input: Shape): Shape {
    const { channels, keepsAxis } = this.options;
    return [...input.slice(0, -1), ...(keepsAxis ? [channels.length] : [])];
  }

  /** Slices have a gradient on every backend, which indexing lacks on some. */
  protected compute(x: tf.Tensor): tf.Tensor {
    const start = x.shape.map(() => 0);
    const size = [...x.shape.slice(0, -1), 1];
    const selected = this.options.channels.map((channel) => tf.slice(x, [...start.slice(1), channel], size));
    return tf.reshape(tf.concat(selected, -1), this.inferShape(x.shape) as number[]);
  }
}
