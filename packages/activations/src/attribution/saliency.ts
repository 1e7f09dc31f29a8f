import type * as tf from '@tensorflow/tfjs';
import type { Heatmap, Images } from '@convlens/core';
import { drawAttributions, type PixelMethod, type PixelOptions } from './attribution.js';

export const computeSaliency: PixelMethod = ({ gradient, x }) => gradient(x);

/**
 * The gradient of the class score with respect to what the model reads: where a small change of a pixel would change
 * the score most. Default collapse 'abs-max', as in the paper: Simonyan, Vedaldi, Zisserman, Deep Inside Convolutional
 * Networks (2014).
 */
export async function saliency(
  model: tf.LayersModel,
  images: Images,
  { collapse = 'abs-max', ...options }: PixelOptions = {},
): Promise<Heatmap[]> {
  return drawAttributions(model, images, {
    ...options,
    collapse,
    method: 'saliency',
    compute: computeSaliency,
  });
}
