import * as tf from '@tensorflow/tfjs';

/** Resizes maps (NHWC) bilinearly, with half-pixel centers. */
export const resizeMaps = (maps: tf.Tensor4D, height: number, width: number): tf.Tensor4D =>
  tf.image.resizeBilinear(maps, [height, width], false, true);
