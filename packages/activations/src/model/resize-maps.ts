import * as tf from '@tensorflow/tfjs';

/** Maps in another size, bilinearly with half-pixel centres. NHWC. */
export const resizeMaps = (maps: tf.Tensor4D, height: number, width: number): tf.Tensor4D =>
  tf.image.resizeBilinear(maps, [height, width], false, true);
