import * as tf from '@tensorflow/tfjs';
import { windowAxes2d, windowAxes3d } from '../window-axes.js';
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
  return windowAxes2d(info);
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
  return windowAxes3d(info);
}
