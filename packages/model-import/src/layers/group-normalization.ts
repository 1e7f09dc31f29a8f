import * as tf from '@tensorflow/tfjs';
import { addWeight, KerasLayer, pick, singleShape, type Shape } from './keras-layer.js';

export interface GroupNormalizationOptions {
  /** The number of groups of channels; it divides the number of channels. */
  groups: number;
  epsilon: number;
  scale: boolean;
  center: boolean;
}

/**
 * keras.layers.GroupNormalization along the last axis: each group of channels of an image has the mean 0 and the variance 1 over
 * all its positions (Wu and He 2018, Group Normalization).
 */
export class GroupNormalization extends KerasLayer<GroupNormalizationOptions> {
  static className = 'GroupNormalization';
  private gamma?: tf.LayerVariable;
  private beta?: tf.LayerVariable;

  protected pickOptions(config: GroupNormalizationOptions) {
    return pick(config, ['groups', 'epsilon', 'scale', 'center']);
  }

  override build(input: Shape | Shape[]): void {
    const { scale, center } = this.options;
    const shape = [singleShape(input).at(-1)!];
    if (scale) this.gamma = addWeight(this, 'gamma', { shape, initializer: 'ones' });
    if (center) this.beta = addWeight(this, 'beta', { shape });
    super.build(input);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const { groups, epsilon } = this.options;
    const channels = x.shape.at(-1)!;
    const groupValues = tf.reshape(x, [x.shape[0], -1, groups, channels / groups]);
    const { mean, variance } = tf.moments(groupValues, [1, 3], true);
    const normalized = tf.mul(tf.sub(groupValues, mean), tf.rsqrt(tf.add(variance, epsilon)));
    const scaled = tf.mul(tf.reshape(normalized, x.shape), this.gamma?.read() ?? 1);
    return tf.add(scaled, this.beta?.read() ?? 0);
  }
}
