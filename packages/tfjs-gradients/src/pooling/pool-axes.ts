import * as tf from '@tensorflow/tfjs';
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
  return [
    {
      axis: 1,
      input: info.inHeight,
      output: info.outHeight,
      size: info.filterHeight,
      dilation,
      stride: info.strideHeight,
      before: info.padInfo.top,
    },
    {
      axis: 2,
      input: info.inWidth,
      output: info.outWidth,
      size: info.filterWidth,
      dilation,
      stride: info.strideWidth,
      before: info.padInfo.left,
    },
  ];
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
  return [
    {
      axis: 1,
      input: info.inDepth,
      output: info.outDepth,
      size: info.filterDepth,
      dilation,
      stride: info.strideDepth,
      before: info.padInfo.front,
    },
    {
      axis: 2,
      input: info.inHeight,
      output: info.outHeight,
      size: info.filterHeight,
      dilation,
      stride: info.strideHeight,
      before: info.padInfo.top,
    },
    {
      axis: 3,
      input: info.inWidth,
      output: info.outWidth,
      size: info.filterWidth,
      dilation,
      stride: info.strideWidth,
      before: info.padInfo.left,
    },
  ];
}
