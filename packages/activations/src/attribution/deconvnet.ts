import * as tf from '@tensorflow/tfjs';
import type { Heatmap, Images } from '@convlens/core';
import { drawAttributions, type PixelMethod, type PixelOptions } from './attribution.js';
import { gradientWithRule, withBackwardRule } from './rectifier-hooks.js';

const deconvolved = withBackwardRule((dy) => tf.relu(dy));

export const computeDeconvnet: PixelMethod = (batch) => gradientWithRule(batch, deconvolved);

/**
 * The gradient, but at each rectifier what is above zero goes on, whatever the rectifier's input was. A max pooling
 * hands it to the first maximum of its window, also where all are zero. Default collapse 'abs-max'. Zeiler, Fergus,
 * Visualizing and Understanding Convolutional Networks (2014).
 */
export async function deconvnet(
  model: tf.LayersModel,
  images: Images,
  { collapse = 'abs-max', ...options }: PixelOptions = {},
): Promise<Heatmap[]> {
  return drawAttributions(model, images, {
    ...options,
    collapse,
    method: 'deconvnet',
    compute: computeDeconvnet,
  });
}
