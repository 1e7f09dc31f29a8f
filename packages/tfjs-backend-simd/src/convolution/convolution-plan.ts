import type * as tf from '@tensorflow/tfjs';

/** The fields of tf.backend_util.Conv2DInfo that are used here (NHWC). */
export type ConvInfo = Pick<
  tf.backend_util.Conv2DInfo,
  | 'batchSize'
  | 'inHeight'
  | 'inWidth'
  | 'inChannels'
  | 'outHeight'
  | 'outWidth'
  | 'outChannels'
  | 'filterHeight'
  | 'filterWidth'
  | 'strideHeight'
  | 'strideWidth'
  | 'dilationHeight'
  | 'dilationWidth'
  | 'padInfo'
>;

/** The shape of a batch of images. */
export interface ImageShape {
  images: number;
  height: number;
  width: number;
  channels: number;
}

/** Addresses of the tensors of y = x * w + bias; `bias` is 0 for none. */
export interface ConvolutionAddresses {
  x: number;
  w: number;
  bias: number;
  y: number;
}

/** Addresses of the tensors of a filter gradient. */
export interface FilterGradientAddresses {
  x: number;
  dy: number;
  dw: number;
}

/**
 * A convolution of images with `top` rows and `left` columns of zero padding. `flipFilter`: with the filter
 * rotated by 180 degrees and its input and output channels exchanged, for the input gradient.
 */
export interface ConvolutionPlan {
  input: ImageShape;
  output: ImageShape;
  top: number;
  left: number;
  flipFilter: boolean;
  /** A code of ACTIVATION_CODES. */
  activation: number;
}

/** Whether windows move forwards by whole pixels; TensorFlow.js does not check it for each kind of convolution. */
export const hasWholeSteps = (info: ConvInfo): boolean =>
  [info.strideHeight, info.strideWidth, info.dilationHeight, info.dilationWidth].every(
    (step) => Number.isInteger(step) && step > 0,
  );

/** The shape of x. */
export function inputShape(info: ConvInfo): ImageShape {
  return { images: info.batchSize, height: info.inHeight, width: info.inWidth, channels: info.inChannels };
}

/** The shape of y. */
export function outputShape(info: ConvInfo): ImageShape {
  return { images: info.batchSize, height: info.outHeight, width: info.outWidth, channels: info.outChannels };
}
