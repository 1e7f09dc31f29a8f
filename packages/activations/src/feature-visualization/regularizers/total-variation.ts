import * as tf from '@tensorflow/tfjs';

/** The sum of the absolute differences of neighboring values along an axis. */
function variationAlong(image: tf.Tensor4D, axis: 1 | 2): tf.Tensor1D {
  const size = image.shape[axis];
  const [allButLast] = tf.split(image, [size - 1, 1], axis);
  const [, allButFirst] = tf.split(image, [1, size - 1], axis);
  return tf.sum(tf.abs(tf.sub(allButFirst, allButLast)), [1, 2, 3]);
}

/**
 * The anisotropic total variation of each image: the sum of |difference| over all pairs of vertical and
 * horizontal neighbors, divided by the number of values. Differentiable.
 */
export function totalVariation(image: tf.Tensor4D): tf.Tensor1D {
  const [count, height, width, channels] = image.shape;
  return tf.tidy(() => {
    const axes = ([1, 2] as const).filter((axis) => image.shape[axis] > 1);
    if (axes.length === 0) return tf.zeros([count]);
    const sums = axes.map((axis) => variationAlong(image, axis));
    return tf.div(tf.addN(sums), height * width * channels);
  });
}
