import * as tf from '@tensorflow/tfjs';
import { addWeight, KerasLayer, pick, type Shape } from './keras-layer.js';

export interface AxisBatchNormalizationOptions {
  axis: number;
  epsilon: number;
  scale: boolean;
  center: boolean;
}

/**
 * keras.layers.BatchNormalization along an axis other than the last. It uses its moving statistics in
 * training as well.
 */
export class AxisBatchNormalization extends KerasLayer<AxisBatchNormalizationOptions> {
  static className = 'AxisBatchNormalization';
  private variables: Partial<Record<'gamma' | 'beta' | 'mean' | 'variance', tf.LayerVariable>> = {};

  protected pickOptions(config: AxisBatchNormalizationOptions) {
    return pick(config, ['axis', 'epsilon', 'scale', 'center']);
  }

  override build(input: Shape): void {
    const { axis, scale, center } = this.options;
    const shape = [input.at(axis) ?? 0];
    if (scale) this.variables.gamma = addWeight(this, 'gamma', { shape, initializer: 'ones' });
    if (center) this.variables.beta = addWeight(this, 'beta', { shape });
    this.variables.mean = addWeight(this, 'moving_mean', { shape, trainable: false });
    this.variables.variance = addWeight(this, 'moving_variance', {
      shape,
      initializer: 'ones',
      trainable: false,
    });
    super.build(input);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const { axis, epsilon } = this.options;
    const broadcastAxis = axis < 0 ? axis + x.rank : axis;
    const shape = x.shape.map((size, i) => (i === broadcastAxis ? size : 1));
    const read = (weight?: tf.LayerVariable) => weight && tf.reshape(weight.read(), shape);
    const { gamma, beta, mean, variance } = this.variables;
    const scale = tf.mul(tf.rsqrt(tf.add(read(variance)!, epsilon)), read(gamma) ?? 1);
    return tf.add(tf.mul(tf.sub(x, read(mean)!), scale), read(beta) ?? 0);
  }
}
