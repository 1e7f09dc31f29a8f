import * as tf from '@tensorflow/tfjs';
import { KerasLayer, pick, type Shape } from '../layers/keras-layer.js';

export type Reduction = 'mean' | 'sum' | 'max' | 'min';

export interface ReduceAxesOptions {
  reduction: Reduction;
  /** The axes that are reduced, 1 or more, ascending; 0 is that of the batch. */
  axes: number[];
  /** Whether the axes stay, with size 1. */
  keepDims: boolean;
}

/** keras.ops.mean, sum, max and min over axes of one image. */
export class ReduceAxes extends KerasLayer<ReduceAxesOptions> {
  static className = 'ReduceAxes';

  protected pickOptions(config: ReduceAxesOptions) {
    return pick(config, ['reduction', 'axes', 'keepDims']);
  }

  protected override inferShape(input: Shape): Shape {
    const { axes, keepDims } = this.options;
    return input.flatMap((size, axis) => (!axes.includes(axis) ? [size] : keepDims ? [1] : []));
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const { reduction, axes, keepDims } = this.options;
    return tf[reduction](x, axes, keepDims);
  }
}
