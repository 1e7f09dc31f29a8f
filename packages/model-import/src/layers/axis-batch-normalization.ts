import * as tf from '@tensorflow/tfjs';
import { addWeight, OwnLayer, type Shape } from './own-layer.js';

export interface AxisBatchNormalizationOptions {
  axis: number;
  epsilon: number;
  scale: boolean;
  center: boolean;
}

/**
 * keras.layers.BatchNormalization along an axis that is not the last, for inference: with its moving statistics, in
 * training too.
 */
export class AxisBatchNormalization extends OwnLayer<AxisBatchNormalizationOptions> {
  static className = 'AxisBatchNormalization';
  private parts: Partial<Record<'gamma' | 'beta' | 'mean' | 'variance', tf.LayerVariable>> = {};

  protected read({ axis, epsilon, scale, center }: AxisBatchNormalizationOptions) {
    return { axis, epsilon, scale, center };
  }

  override build(shape: Shape): void {
    const { axis, scale, center } = this.options;
    const one = { shape: [shape.at(axis) ?? 0] };
    if (scale) this.parts.gamma = addWeight(this, 'gamma', { ...one, initializer: 'ones' });
    if (center) this.parts.beta = addWeight(this, 'beta', one);
    this.parts.mean = addWeight(this, 'moving_mean', { ...one, trainable: false });
    this.parts.variance = addWeight(this, 'moving_variance', {
      ...one,
      initializer: 'ones',
      trainable: false,
    });
    super.build(shape);
  }

  protected shapeOf(input: Shape): Shape {
    return input;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const { axis, epsilon } = this.options;
    const shape = x.shape.map((size, i) => (i === (axis < 0 ? axis + x.rank : axis) ? size : 1));
    const read = (name: keyof typeof this.parts) => {
      const weight = this.parts[name];
      return weight && tf.reshape(weight.read(), shape);
    };
    const scale = tf.mul(tf.rsqrt(tf.add(read('variance')!, epsilon)), read('gamma') ?? 1);
    return tf.add(tf.mul(tf.sub(x, read('mean')!), scale), read('beta') ?? 0);
  }
}
