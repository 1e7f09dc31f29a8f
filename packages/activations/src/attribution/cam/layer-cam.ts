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

const layerCamWeighting: CamWeighting = (maps, gradient) =>
  tf.relu(tf.sum(tf.mul(maps, tf.relu(gradient)), 3)) as tf.Tensor3D;

/**
 * LayerCAM: the sum of the feature maps of a layer, each position weighted by the positive part of its
 * gradient. Also works for early layers. Jiang, Zhang, Hou, Cheng, Wei, LayerCAM (2021).
 */
export async function layerCam(
  model: tf.LayersModel,
  images: Images,
  options: CamOptions = {},
): Promise<Heatmap[]> {
  expectOptions('layerCam', options, CAM_OPTIONS);
  const compute = weightedBy(layerCamWeighting);
  return classActivationMaps(model, images, { ...options, entry: layerCamMethod, compute });
}

export const layerCamMethod: AttributionMethod = {
  id: 'layer-cam',
  title: 'LayerCAM',
  family: 'cam',
  usesLayer: true,
  cost: 'low',
  isCompared: true,
  explain: layerCam,
};
