import * as tf from '@tensorflow/tfjs';

/**
 * The total variation of each image: the sum of |difference| over all pairs of pixels beside and below one another,
 * divided by the numbers of an image. Differentiable.
 */
export function totalVariation(image: tf.Tensor4D): tf.Tensor1D {
  const [, height, width, channels] = image.shape;
  const along = (axis: 1 | 2) => {
    const size = image.shape[axis];
    const [head, tail] = [
      [size - 1, 1],
      [1, size - 1],
    ].map((parts) => tf.split(image, parts, axis));
    return tf.sum(tf.abs(tf.sub(tail[1], head[0])), [1, 2, 3]);
  };
  return tf.tidy(() => {
    const sums = ([1, 2] as const).filter((axis) => image.shape[axis] > 1).map(along);
    if (!sums.length) return tf.zeros([image.shape[0]]);
    return tf.div(tf.addN(sums), height * width * channels);
  });
}
