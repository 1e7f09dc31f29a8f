import * as tf from '@tensorflow/tfjs';
import { OwnLayer, type Shape } from './own-layer.js';

/** alpha (exp(x) - 1) below 0, x above: keras.layers.ELU with an alpha that is not 1. */
export class ScaledELU extends OwnLayer<{ alpha: number }> {
  static className = 'ScaledELU';

  protected read({ alpha }: { alpha: number }) {
    return { alpha };
  }

  protected shapeOf(input: Shape): Shape {
    return input;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    return tf.add(tf.relu(x), tf.mul(tf.elu(tf.neg(tf.relu(tf.neg(x)))), this.options.alpha));
  }
}
