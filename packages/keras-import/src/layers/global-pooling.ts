import * as tf from '@tensorflow/tfjs';
import { OwnLayer, type Shape } from './own-layer.js';

/** Global pooling that keeps its axes with size 1: keras.layers.GlobalAveragePooling2D and its kin with keepdims. */
export class KeptGlobalPooling extends OwnLayer<{ mode: 'average' | 'max' }> {
  static className = 'KeptGlobalPooling';

  protected read({ mode }: { mode: 'average' | 'max' }) {
    return { mode };
  }

  protected shapeOf(input: Shape): Shape {
    return input.map((size, i) => (i === 0 || i === input.length - 1 ? size : 1));
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const axes = x.shape.map((_, i) => i).slice(1, -1);
    return this.options.mode === 'max' ? tf.max(x, axes, true) : tf.mean(x, axes, true);
  }
}
