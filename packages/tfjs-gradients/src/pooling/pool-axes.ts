import * as tf from '@tensorflow/tfjs';
import { windowAxes2d, windowAxes3d } from '../window-axes.js';
import type { WindowAxis } from '../windows.js';

/** Attributes of the pooling kernels. */
export interface PoolAttributes {
  filterSize: number | number[];
  strides: number | number[];
  pad: 'valid' | 'same' | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Shape4D = [number, number, number, number];
type Pair = [number, number];
type Triple = [number, number, number];

const dilation = 1;

/** The axes of the windows of 2D pooling. */
export function poolAxes2d(
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
): WindowAxis[] {
  const info = tf.backend_util.computePool2DInfo(
    [...shape] as Shape4D,
    filterSize as Pair,
    strides as Pair,
    dilation,
    pad,
    dimRoundingMode,
  );
  return windowAxes2d(info);
}

/** The axes of the windows of 3D pooling. */
export function poolAxes3d(
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
): WindowAxis[] {
  const info = tf.backend_util.computePool3DInfo(
    [...shape] as [number, number, number, number, number],
    filterSize as Triple,
    strides as Triple,
    dilation,
    pad,
    dimRoundingMode,
  );
  return windowAxes3d(info);
}
