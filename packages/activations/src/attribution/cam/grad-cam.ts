import * as tf from '@tensorflow/tfjs';
import { expectOptions, type Heatmap, type Images } from '@convlens/core';
import type { AttributionMethod } from '../attribution-method.js';
import {
  CAM_OPTIONS,
  classActivationMaps,
  weightedBy,
  type CamOptions,
  type CamWeighting,
} from './class-activation-maps.js';

const gradCamWeighting: CamWeighting = (maps, gradient) =>
  tf.relu(tf.sum(tf.mul(maps, tf.mean(gradient, [1, 2], true)), 3)) as tf.Tensor3D;

export const computeGradCam = weightedBy(gradCamWeighting);

/**
 * Grad-CAM: the sum of the feature maps of a layer, each weighted by the mean gradient of the score over it,
 * and negative values set to 0. Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra, Grad-CAM (2017).
 */
export async function gradCam(
  model: tf.LayersModel,
  images: Images,
  options: CamOptions = {},
): Promise<Heatmap[]> {
  expectOptions('gradCam', options, CAM_OPTIONS);
  return classActivationMaps(model, images, { ...options, entry: gradCamMethod, compute: computeGradCam });
}

export const gradCamMethod: AttributionMethod = {
  id: 'grad-cam',
  title: 'Grad-CAM',
  family: 'cam',
  usesLayer: true,
  cost: 'low',
  isCompared: true,
  explain: gradCam,
};
