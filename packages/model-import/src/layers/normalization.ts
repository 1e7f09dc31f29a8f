import * as tf from '@tensorflow/tfjs';
import { addWeight, KerasLayer, pick, singleShape, type Shape } from './keras-layer.js';

export interface NormalizationOptions {
  /** The axes with a mean and a variance per position; [] for a single mean and variance. */
  axis: number[];
  /** A value per position of the axes; null if mean and variance are weights. */
  mean: number[] | null;
  variance: number[] | null;
  /** Whether to undo a normalization. */
  invert: boolean;
}

/** The least standard deviation, as in Keras. */
const EPSILON = 1e-7;

/** keras.layers.Normalization: (x - mean) / sqrt(variance). */
export class Normalization extends KerasLayer<NormalizationOptions> {
  static className = 'Normalization';
  private statistics?: [mean: tf.LayerVariable, variance: tf.LayerVariable];

  protected pickOptions(config: NormalizationOptions) {
    return pick(config, ['axis', 'mean', 'variance', 'invert']);
  }

  override build(input: Shape | Shape[]): void {
    const shape = this.options.axis.map((axis) => singleShape(input).at(axis) ?? 0);
    if (!this.options.mean)
      this.statistics = [
        addWeight(this, 'mean', { shape, trainable: false }),
        addWeight(this, 'variance', { shape, initializer: 'ones', trainable: false }),
      ];
    super.build(input);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const axes = this.options.axis.map((axis) => (axis < 0 ? axis + x.rank : axis));
    const shape = x.shape.map((size, axis) => (axes.includes(axis) ? size : 1));
    const [mean, variance] = this.readStatistics().map((values) =>
      tf.reshape(values, broadcastShape(values, shape)),
    );
    const standardDeviation = tf.maximum(tf.sqrt(variance), EPSILON);
    return this.options.invert
      ? tf.add(mean, tf.mul(x, standardDeviation))
      : tf.div(tf.sub(x, mean), standardDeviation);
  }

  private readStatistics(): tf.Tensor[] {
    const { mean, variance } = this.options;
    return this.statistics
      ? this.statistics.map((weight) => weight.read())
      : [mean!, variance!].map((values) => tf.tensor1d(values));
  }
}

/** A single value is broadcast over all positions. */
const broadcastShape = ({ size }: tf.Tensor, shape: number[]) => (size === 1 ? shape.map(() => 1) : shape);
