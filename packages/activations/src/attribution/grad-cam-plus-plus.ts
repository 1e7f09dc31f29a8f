import * as tf from '@tensorflow/tfjs';
import { expectOneOf, type Heatmap, type Images } from '@convlens/core';
import { classMaps, weighedBy, type ClassMapOptions, type Weighing } from './class-map.js';

export interface GradCamPlusPlusOptions extends ClassMapOptions {
  /** Whether the weights of the places are used 'as-is' (default, as in the paper) or made to 'sum-to-one' a map. */
  alpha?: 'as-is' | 'sum-to-one';
}

const weighWith =
  (sumToOne: boolean): Weighing =>
  (maps, gradient) => {
    const square = tf.square(gradient);
    const sums = tf.sum(maps, [1, 2], true);
    let alpha = tf.divNoNan(square, tf.add(tf.mul(square, 2), tf.mul(sums, tf.mul(square, gradient))));
    if (sumToOne) alpha = tf.divNoNan(alpha, tf.sum(alpha, [1, 2], true));
    const weights = tf.sum(tf.mul(alpha, tf.relu(gradient)), [1, 2], true);
    return tf.relu(tf.sum(tf.mul(maps, weights), 3)) as tf.Tensor3D;
  };

/**
 * As Grad-CAM, but each place of a map has a weight of its own, so that an object that is seen twice counts twice.
 * Chattopadhay, Sarkar, Howlader, Balasubramanian, Grad-CAM++ (2018), equation 19: alpha = G^2 / (2 G^2 + sum(A) G^3),
 * 0 where the denominator is 0.
 */
export async function gradCamPlusPlus(
  model: tf.LayersModel,
  images: Images,
  { alpha = 'as-is', ...options }: GradCamPlusPlusOptions = {},
): Promise<Heatmap[]> {
  expectOneOf('alpha', alpha, ['as-is', 'sum-to-one']);
  const compute = weighedBy(weighWith(alpha === 'sum-to-one'));
  return classMaps(model, images, { ...options, method: 'grad-cam-plus-plus', compute });
}
