import * as tf from '@tensorflow/tfjs';
import { OwnLayer, type Shape } from './own-layer.js';

/** Softmax along an axis that is not the last, or along several: keras.layers.Softmax. */
export class AxisSoftmax extends OwnLayer<{ axis: number | number[] }> {
  static className = 'AxisSoftmax';

  protected read({ axis }: { axis: number | number[] }) {
    return { axis };
  }

  protected shapeOf(input: Shape): Shape {
    return input;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const { axis } = this.options;
    const exponentials = tf.exp(tf.sub(x, tf.max(x, axis, true)));
    return tf.div(exponentials, tf.sum(exponentials, axis, true));
  }
}
