import * as tf from '@tensorflow/tfjs';
import { expectOneOf, expectOptions, type Heatmap, type Images, type OptionNames } from '@convlens/core';
import type { AttributionMethod } from '../attribution-method.js';
import {
  CAM_OPTIONS,
  classActivationMaps,
  weightedBy,
  type CamOptions,
  type CamWeighting,
} from './class-activation-maps.js';

const ALPHAS = ['as-is', 'sum-to-one'] as const;

export interface GradCamPlusPlusOptions extends CamOptions {
  /**
   * Whether the weights of the positions of a map are used 'as-is' (default, as in the paper) or scaled to
   * 'sum-to-one'.
   */
  alpha?: (typeof ALPHAS)[number];
}

const GRAD_CAM_PLUS_PLUS_OPTIONS: OptionNames<GradCamPlusPlusOptions> = { ...CAM_OPTIONS, alpha: true };

const gradCamPlusPlusWeighting =
  (sumToOne: boolean): CamWeighting =>
  (maps, gradient) => {
    const square = tf.square(gradient);
    const sums = tf.sum(maps, [1, 2], true);
    let alpha = tf.divNoNan(square, tf.add(tf.mul(square, 2), tf.mul(sums, tf.mul(square, gradient))));
    if (sumToOne) alpha = tf.divNoNan(alpha, tf.sum(alpha, [1, 2], true));
    const weights = tf.sum(tf.mul(alpha, tf.relu(gradient)), [1, 2], true);
    return tf.relu(tf.sum(tf.mul(maps, weights), 3)) as tf.Tensor3D;
  };

/**
 * Grad-CAM++: as Grad-CAM, but each position of a map has its own weight, so that two objects of a class
 * count as two. Chattopadhay, Sarkar, Howlader, Balasubramanian, Grad-CAM++ (2018), equation 19: alpha = G^2
 * / (2 G^2 + sum(A) G^3), 0 where the denominator is 0.
 */
export async function gradCamPlusPlus(
  model: tf.LayersModel,
  images: Images,
  options: GradCamPlusPlusOptions = {},
): Promise<Heatmap[]> {
  expectOptions('gradCamPlusPlus', options, GRAD_CAM_PLUS_PLUS_OPTIONS);
  const { alpha = 'as-is', ...camOptions } = options;
  expectOneOf('alpha', alpha, ALPHAS);
  const compute = weightedBy(gradCamPlusPlusWeighting(alpha === 'sum-to-one'));
  return classActivationMaps(model, images, { ...camOptions, entry: gradCamPlusPlusMethod, compute });
}

export const gradCamPlusPlusMethod: AttributionMethod = {
  id: 'grad-cam-plus-plus',
  title: 'Grad-CAM++',
  family: 'cam',
  usesLayer: true,
  cost: 'low',
  explain: gradCamPlusPlus,
};
