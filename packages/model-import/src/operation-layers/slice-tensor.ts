import * as tf from '@tensorflow/tfjs';
import { KerasLayer, pick, type Shape } from '../layers/keras-layer.js';

/** Positions along an axis: `start`, `start + step`, ..., `count` of them. */
export interface AxisSlice {
  axis: number;
  start: number;
  step: number;
  count: number;
  /** False for a single position without an axis of its own, as `x[:, 2]`. */
  keepsAxis: boolean;
}

export interface SliceTensorOptions {
  /** At most one for each axis behind that of the batch, ascending. */
  slices: AxisSlice[];
}

/** Indexing of axes of one image: `x[:, 1:]`, `x[:, ::2, ::2]`, `x[:, 0]`. */
export class SliceTensor extends KerasLayer<SliceTensorOptions> {
  static className = 'SliceTensor';

  protected pickOptions(config: SliceTensorOptions) {
    return pick(config, ['slices']);
  }

  protected override inferShape(input: Shape): Shape {
    return input.flatMap((size, axis) => {
      const slice = this.options.slices.find((each) => each.axis === axis);
      if (!slice) return [size];
      return slice.keepsAxis ? [slice.count] : [];
    });
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const sliced = this.options.slices.reduce(sliceAxis, x);
    return tf.reshape(sliced, this.inferShape(x.shape) as number[]);
  }
}

/** Slices, padding and reversing have a gradient on every backend, which strided slices lack. */
function sliceAxis(x: tf.Tensor, { axis, start, step, count }: AxisSlice): tf.Tensor {
  const size = x.shape[axis];
  if (step < 0) {
    const slice = { axis, start: size - 1 - start, step: -step, count, keepsAxis: true };
    return sliceAxis(tf.reverse(x, axis), slice);
  }
  const span = Math.min(size - start, count * step);
  const begin = x.shape.map((_, each) => (each === axis ? start : 0));
  const part = tf.slice(x, begin, x.shape.map((each, i) => (i === axis ? span : each))); // prettier-ignore
  if (step === 1) return part;
  const paddings = x.shape.map((_, each): [number, number] => [0, each === axis ? count * step - span : 0]);
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const groups = tf.reshape(tf.pad(part, paddings), [...before, count, step, ...after]);
  const first = groups.shape.map((each, i) => (i === axis + 1 ? 1 : each));
  return tf.reshape(tf.slice(groups, groups.shape.map(() => 0), first), [...before, count, ...after]); // prettier-ignore
}
