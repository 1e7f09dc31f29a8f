import * as tf from '@tensorflow/tfjs';
import type { Heatmap, Images } from '@convlens/core';
import { classMaps, weighedBy, type ClassMapOptions, type Weighing } from './class-map.js';

export const weighByGradCam: Weighing = (maps, gradient) =>
  tf.relu(tf.sum(tf.mul(maps, tf.mean(gradient, [1, 2], true)), 3)) as tf.Tensor3D;

/**
 * The maps of a layer, each weighed by the mean of the score's gradient over it, added up, and what is above zero.
 * Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra, Grad-CAM (2017).
 */
export async function gradCam(
  model: tf.LayersModel,
  images: Images,
  options: ClassMapOptions = {},
): Promise<Heatmap[]> {
  return classMaps(model, images, { ...options, method: 'grad-cam', compute: weighedBy(weighByGradCam) });
}
