import * as tf from '@tensorflow/tfjs';
import { KerasLayer, pick } from './keras-layer.js';

export interface AxisSoftmaxOptions {
  axis: number | number[];
}

/** keras.layers.Softmax along an axis other than the last, or along several axes. */
export class AxisSoftmax extends KerasLayer<AxisSoftmaxOptions> {
  static className = 'AxisSoftmax';

  protected pickOptions(config: AxisSoftmaxOptions) {
    return pick(config, ['axis']);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const { axis } = this.options;
    const exponentials = tf.exp(tf.sub(x, tf.max(x, axis, true)));
    return tf.div(exponentials, tf.sum(exponentials, axis, true));
  }
}
