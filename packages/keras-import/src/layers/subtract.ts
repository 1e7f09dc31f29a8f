import * as tf from '@tensorflow/tfjs';

/** The first of two inputs less the second: keras.layers.Subtract. Both have the same shape. */
export class Subtract extends tf.layers.Layer {
  static className = 'Subtract';

  override computeOutputShape(shapes: tf.Shape[]): tf.Shape {
    return shapes[0];
  }

  override call(inputs: tf.Tensor[]): tf.Tensor {
    return tf.sub(inputs[0], inputs[1]);
  }
}
