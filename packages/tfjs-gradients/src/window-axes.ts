import type * as tf from '@tensorflow/tfjs';
import type { WindowAxis } from './windows.js';

type Info2d = tf.backend_util.Conv2DInfo;
type Info3d = tf.backend_util.Conv3DInfo;

/** The fields that the info of images and that of volumes share. */
type RowsAndColumns = Pick<
  Info2d & Info3d,
  | 'inHeight'
  | 'inWidth'
  | 'outHeight'
  | 'outWidth'
  | 'filterHeight'
  | 'filterWidth'
  | 'dilationHeight'
  | 'dilationWidth'
  | 'strideHeight'
  | 'strideWidth'
> & { readonly padInfo: { readonly top: number; readonly left: number } };

function rowAndColumnAxes(info: RowsAndColumns, firstAxis: number): WindowAxis[] {
  return [
    {
      axis: firstAxis,
      input: info.inHeight,
      output: info.outHeight,
      size: info.filterHeight,
      dilation: info.dilationHeight,
      stride: info.strideHeight,
      before: info.padInfo.top,
    },
    {
      axis: firstAxis + 1,
      input: info.inWidth,
      output: info.outWidth,
      size: info.filterWidth,
      dilation: info.dilationWidth,
      stride: info.strideWidth,
      before: info.padInfo.left,
    },
  ];
}

/** The axes of the windows of a convolution or a pool of images, with channels last. */
export const windowAxes2d = (info: Info2d): WindowAxis[] => rowAndColumnAxes(info, 1);

/** The same of volumes. */
export function windowAxes3d(info: Info3d): WindowAxis[] {
  const depth: WindowAxis = {
    axis: 1,
    input: info.inDepth,
    output: info.outDepth,
    size: info.filterDepth,
    dilation: info.dilationDepth,
    stride: info.strideDepth,
    before: info.padInfo.front,
  };
  return [depth, ...rowAndColumnAxes(info, 2)];
}
