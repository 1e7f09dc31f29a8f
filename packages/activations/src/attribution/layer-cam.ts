import * as tf from '@tensorflow/tfjs';
import type { Heatmap, Images } from '@convlens/core';
import { classMaps, weighedBy, type ClassMapOptions, type Weighing } from './class-map.js';

const weigh: Weighing = (maps, gradient) =>
  tf.relu(tf.sum(tf.mul(maps, tf.relu(gradient)), 3)) as tf.Tensor3D;

/**
 * The maps of a layer times what is above zero of the score's gradient, place by place: works in early layers too.
 * Jiang, Zhang, Hou, Cheng, Wei, LayerCAM (2021).
 */
export async function layerCam(
  model: tf.LayersModel,
  images: Images,
  options: ClassMapOptions = {},
): Promise<Heatmap[]> {
  return classMaps(model, images, { ...options, method: 'layer-cam', compute: weighedBy(weigh) });
}
