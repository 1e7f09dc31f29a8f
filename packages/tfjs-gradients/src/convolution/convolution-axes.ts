import * as tf from '@tensorflow/tfjs';
import type { WindowAxis } from '../windows.js';

/** Attributes of the kernels of convolutions. */
export interface ConvolutionAttributes {
  strides: number | number[];
  pad: 'valid' | 'same' | number;
  dataFormat?: 'NHWC' | 'NCHW';
  dilations?: number | number[] | null;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Shape4D = [number, number, number, number];
type Pair = [number, number];

export const isDilated = ({ dilations }: ConvolutionAttributes): boolean =>
  [dilations ?? 1].flat().some((rate) => rate > 1);

/** The axes of the windows of a 2D convolution with channels last. */
export function convolutionAxes2d(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: ConvolutionAttributes,
  { isDepthwise = false } = {},
): WindowAxis[] {
  const info = tf.backend_util.computeConv2DInfo(
    [...inputShape] as Shape4D,
    [...filterShape] as Shape4D,
    strides as Pair,
    (dilations ?? 1) as Pair,
    pad,
    dimRoundingMode,
    isDepthwise,
  );
  return [
    {
      axis: 1,
      input: info.inHeight,
      output: info.outHeight,
      size: info.filterHeight,
      dilation: info.dilationHeight,
      stride: info.strideHeight,
      before: info.padInfo.top,
    },
    {
      axis: 2,
      input: info.inWidth,
      output: info.outWidth,
      size: info.filterWidth,
      dilation: info.dilationWidth,
      stride: info.strideWidth,
      before: info.padInfo.left,
    },
  ];
}

/** The axes of the windows of a 3D convolution with channels last. */
export function convolutionAxes3d(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations }: ConvolutionAttributes,
): WindowAxis[] {
  const info = tf.backend_util.computeConv3DInfo(
    [...inputShape] as [number, number, number, number, number],
    [...filterShape] as [number, number, number, number, number],
    strides as [number, number, number],
    (dilations ?? 1) as [number, number, number],
    pad as 'valid' | 'same',
  );
  return [
    {
      axis: 1,
      input: info.inDepth,
      output: info.outDepth,
      size: info.filterDepth,
      dilation: info.dilationDepth,
      stride: info.strideDepth,
      before: info.padInfo.front,
    },
    {
      axis: 2,
      input: info.inHeight,
      output: info.outHeight,
      size: info.filterHeight,
      dilation: info.dilationHeight,
      stride: info.strideHeight,
      before: info.padInfo.top,
    },
    {
      axis: 3,
      input: info.inWidth,
      output: info.outWidth,
      size: info.filterWidth,
      dilation: info.dilationWidth,
      stride: info.strideWidth,
      before: info.padInfo.left,
    },
  ];
}
