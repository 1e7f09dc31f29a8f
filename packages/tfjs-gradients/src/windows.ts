import type * as tf from '@tensorflow/tfjs';
import { padAxis, padOrCropAxis, sliceAxis, spreadAxis } from './rearranging/axis-slices.js';

/** How windows move along one axis of their input. */
export interface WindowAxis {
  /** The axis of the tensor. */
  readonly axis: number;
  /** The length of the input and of the output along it. */
  readonly input: number;
  readonly output: number;
  /** The number of positions in a window, the distance between them, and that between windows. */
  readonly size: number;
  readonly dilation: number;
  readonly stride: number;
  /** The number of positions of the first window before the input. */
  readonly before: number;
}

/** The length of the input with the padding that the windows reach. */
const reach = ({ output, size, dilation, stride }: WindowAxis) =>
  output > 0 ? (output - 1) * stride + (size - 1) * dilation + 1 : 0;

/** The input as the windows read it: with padding, and without what no window reaches. */
export const padInput = (x: tf.Tensor, axes: readonly WindowAxis[], value = 0): tf.Tensor =>
  axes.reduce((padded, window) => {
    const after = reach(window) - window.before - window.input;
    return padOrCropAxis(padded, window.axis, window.before, after, value);
  }, x);

/** The gradient of `padInput`. */
export const unpadInput = (dPadded: tf.Tensor, axes: readonly WindowAxis[]): tf.Tensor =>
  axes.reduce(
    (dx, { axis, input, before }) => padOrCropAxis(dx, axis, -before, before + input - dx.shape[axis]),
    dPadded,
  );

/** The values that all windows read at one of their positions, the offset along each axis: of the output's size. */
export const readOffset = (
  padded: tf.Tensor,
  axes: readonly WindowAxis[],
  offset: readonly number[],
): tf.Tensor =>
  axes.reduce(
    (values, { axis, dilation, stride, output }, i) =>
      sliceAxis(values, axis, offset[i] * dilation, output, stride),
    padded,
  );

/** The gradient of `readOffset`: of the size of the padded input. */
export const placeOffset = (
  values: tf.Tensor,
  axes: readonly WindowAxis[],
  offset: readonly number[],
): tf.Tensor =>
  axes.reduce((placed, window, i) => {
    const first = offset[i] * window.dilation;
    const spread = spreadAxis(placed, window.axis, window.stride);
    return padAxis(spread, window.axis, first, reach(window) - first - spread.shape[window.axis]);
  }, values);

/** All positions within a window, in row-major order. */
export function windowOffsets(axes: readonly WindowAxis[]): number[][] {
  return axes.reduce<number[][]>(
    (offsets, { size }) =>
      offsets.flatMap((offset) => Array.from({ length: size }, (_, position) => [...offset, position])),
    [[]],
  );
}
