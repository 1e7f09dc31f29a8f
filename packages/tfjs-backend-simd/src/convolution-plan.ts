import type * as tf from '@tensorflow/tfjs';

/** What computeConv2DInfo says, as far as it is needed here; layout NHWC. */
export type Geometry = Pick<
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

/** Images of `channels` values a pixel. */
export interface Shape {
  images: number;
  height: number;
  width: number;
  channels: number;
}

/** Where the tensors lie; `bias` 0 for none. */
export interface Addresses {
  x: number;
  w: number;
  bias: number;
  y: number;
}

/** A convolution at stride 1 over images that stand `top` and `left` inside the padding; `turn` 1: kernels by half a turn. */
export interface Plan {
  input: Shape;
  output: Shape;
  top: number;
  left: number;
  turn: 0 | 1;
  activation: number;
}

/** The sums of a gradient are kept in so many parts, whatever the number of threads, and added in their order. */
export const partsOf = (units: number, bytes: number) =>
  Math.max(1, Math.min(units, bytes > 4 << 20 ? 4 : 8));
