import * as tf from '@tensorflow/tfjs';
import { KerasLayer, pick, type Shape } from './keras-layer.js';

export interface GlobalPoolingOptions {
  mode: 'average' | 'max';
  /** Whether the pooled axes stay, with size 1. */
  keepDims: boolean;
}

/**
 * Pooling over all axes but the channels: keras.layers.GlobalAveragePooling3D and related layers, also with
 * keepdims.
 */
export class GlobalPooling extends KerasLayer<GlobalPoolingOptions> {
  static className = 'GlobalPooling';

  protected pickOptions(config: GlobalPoolingOptions) {
    return pick(config, ['mode', 'keepDims']);
  }

  protected override inferShape(input: Shape): Shape {
    const pooledAxes = this.options.keepDims ? input.slice(1, -1).map(() => 1) : [];
    return [input[0], ...pooledAxes, input.at(-1)!];
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const { mode, keepDims } = this.options;
    const axes = x.shape.map((_, axis) => axis).slice(1, -1);
    return mode === 'max' ? tf.max(x, axes, keepDims) : tf.mean(x, axes, keepDims);
  }
}
