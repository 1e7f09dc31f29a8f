import * as tf from '@tensorflow/tfjs';
import { OwnLayer, type Shape } from './own-layer.js';

export interface GlobalPoolingOptions {
  mode: 'average' | 'max';
  /** Whether its axes stay, with size 1. */
  keepDims: boolean;
}

/** Pooling over all axes but channels: keras.layers.GlobalAveragePooling2D and its kin, of volumes or with keepdims. */
export class GlobalPooling extends OwnLayer<GlobalPoolingOptions> {
  static className = 'GlobalPooling';

  protected read({ mode, keepDims }: GlobalPoolingOptions) {
    return { mode, keepDims };
  }

  protected shapeOf(input: Shape): Shape {
    const [batch, channels] = [input[0], input.at(-1)!];
    const kept = this.options.keepDims ? input.slice(1, -1).map(() => 1) : [];
    return [batch, ...kept, channels];
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const { mode, keepDims } = this.options;
    const axes = x.shape.map((_, i) => i).slice(1, -1);
    return mode === 'max' ? tf.max(x, axes, keepDims) : tf.mean(x, axes, keepDims);
  }
}
