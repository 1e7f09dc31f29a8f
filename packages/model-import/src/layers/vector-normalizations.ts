import * as tf from '@tensorflow/tfjs';
import { addWeight, KerasLayer, pick, singleShape, type Shape } from './keras-layer.js';

export interface UnitNormalizationOptions {
  axis: number[];
}

/** Keras limits the factor to 1e12. */
const MIN_SQUARE_SUM = 1e-24;

/** keras.layers.UnitNormalization: vectors along the axes get the length 1. */
export class UnitNormalization extends KerasLayer<UnitNormalizationOptions> {
  static className = 'UnitNormalization';

  protected pickOptions(config: UnitNormalizationOptions) {
    return pick(config, ['axis']);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const squareSum = tf.sum(tf.square(x), this.options.axis, true);
    return tf.mul(x, tf.rsqrt(tf.maximum(squareSum, MIN_SQUARE_SUM)));
  }
}

export interface RMSNormalizationOptions {
  axis: number[];
  epsilon: number;
}

/**
 * keras.layers.RMSNormalization: x / sqrt(mean(x^2) + epsilon) * scale (Zhang and Sennrich 2019, Root Mean Square Layer
 * Normalization).
 */
export class RMSNormalization extends KerasLayer<RMSNormalizationOptions> {
  static className = 'RMSNormalization';
  private scale?: tf.LayerVariable;

  protected pickOptions(config: RMSNormalizationOptions) {
    return pick(config, ['axis', 'epsilon']);
  }

  override build(input: Shape | Shape[]): void {
    const shape = this.options.axis.map((axis) => singleShape(input).at(axis)!);
    this.scale = addWeight(this, 'scale', { shape, initializer: 'ones' });
    super.build(input);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const { axis, epsilon } = this.options;
    const axes = axis.map((one) => (one < 0 ? one + x.rank : one));
    const meanSquare = tf.mean(tf.square(x), axes, true);
    const scaleShape = x.shape.map((size, i) => (axes.includes(i) ? size : 1));
    return tf.mul(
      tf.mul(x, tf.rsqrt(tf.add(meanSquare, epsilon))),
      tf.reshape(this.scale!.read(), scaleShape),
    );
  }
}
