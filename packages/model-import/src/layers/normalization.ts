import * as tf from '@tensorflow/tfjs';
import { addWeight, OwnLayer, type Shape } from './own-layer.js';

export interface NormalizationOptions {
  /** The axes that have a mean each, batch not counted as one of them; [] for one mean of all. */
  axis: number[];
  /** One a position of the axes, or weights where they are not given. */
  mean: number[] | null;
  variance: number[] | null;
  /** Whether normalized values are brought back. */
  invert: boolean;
}

/** Keras's least standard deviation. */
const LEAST = 1e-7;

/** (x - mean) / sqrt(variance), along some axes: keras.layers.Normalization. */
export class Normalization extends OwnLayer<NormalizationOptions> {
  static className = 'Normalization';
  private weightsOf?: [tf.LayerVariable, tf.LayerVariable];

  protected read({ axis, mean, variance, invert }: NormalizationOptions): NormalizationOptions {
    return { axis, mean, variance, invert };
  }

  override build(shape: Shape): void {
    const input = (Array.isArray(shape[0]) ? shape[0] : shape) as Shape;
    const sizes = this.options.axis.map((axis) => input.at(axis) ?? 0);
    if (!this.options.mean)
      this.weightsOf = [
        addWeight(this, 'mean', { shape: sizes, trainable: false }),
        addWeight(this, 'variance', { shape: sizes, initializer: 'ones', trainable: false }),
      ];
    super.build(shape);
  }

  protected shapeOf(input: Shape): Shape {
    return input;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const { axis, invert } = this.options;
    const kept = new Set(axis.map((one) => (one < 0 ? one + x.rank : one)));
    const shape = x.shape.map((size, i) => (kept.has(i) ? size : 1));
    const [mean, variance] = this.weightsOf
      ? this.weightsOf.map((weight) => weight.read())
      : [this.options.mean!, this.options.variance!].map((values) => tf.tensor1d(values));
    const spread = tf.maximum(tf.sqrt(tf.reshape(variance, fit(variance, shape))), LEAST);
    const centre = tf.reshape(mean, fit(mean, shape));
    return invert ? tf.add(centre, tf.mul(x, spread)) : tf.div(tf.sub(x, centre), spread);
  }
}

/** One value stands for all. */
const fit = ({ size }: tf.Tensor, shape: number[]) => (size === 1 ? shape.map(() => 1) : shape);
