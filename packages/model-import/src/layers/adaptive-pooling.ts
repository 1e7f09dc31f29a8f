import * as tf from '@tensorflow/tfjs';
import { KerasLayer, pick, type Shape } from './keras-layer.js';

export interface AdaptivePoolingOptions {
  mode: 'average' | 'max';
  /** The number of windows along each axis. */
  outputSize: number[];
}

/**
 * keras.layers.AdaptiveAveragePooling2D and related layers: pooling to a fixed number of windows. Of n
 * windows along an axis, window i reaches from floor(i * size / n) to ceil((i + 1) * size / n). The axes are
 * pooled one after another.
 */
export class AdaptivePooling extends KerasLayer<AdaptivePoolingOptions> {
  static className = 'AdaptivePooling';

  protected pickOptions(config: AdaptivePoolingOptions) {
    return pick(config, ['mode', 'outputSize']);
  }

  protected override inferShape(input: Shape): Shape {
    return [input[0], ...this.options.outputSize, input.at(-1)!];
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    return this.options.outputSize.reduce((y, count, i) => this.poolAxis(y, i + 1, count), x);
  }

  private poolAxis(x: tf.Tensor, axis: number, count: number): tf.Tensor {
    const reduce = this.options.mode === 'max' ? tf.max : tf.mean;
    const size = x.shape[axis];
    const windows = Array.from({ length: count }, (_, i) => {
      const start = Math.floor((i * size) / count);
      const end = Math.ceil(((i + 1) * size) / count);
      return reduce(sliceAxis(x, axis, start, end), axis, true) as tf.Tensor;
    });
    return tf.concat(windows, axis);
  }
}

const sliceAxis = (x: tf.Tensor, axis: number, start: number, end: number): tf.Tensor =>
  tf.slice(
    x,
    x.shape.map((_, other) => (other === axis ? start : 0)),
    x.shape.map((size, other) => (other === axis ? end - start : size)),
  );
