import * as tf from '@tensorflow/tfjs';
import type { Heatmap, Images } from '@convlens/core';
import { drawAttributions, type PixelMethod, type PixelOptions } from './attribution.js';

export const computeGradientTimesInput: PixelMethod = ({ gradient, x }) =>
  tf.tidy(() => tf.mul<tf.Tensor4D>(gradient(x), x));

/**
 * The gradient times what the model reads: how much each pixel adds to the score, to first order. Default collapse
 * 'sum', which keeps the sign. Shrikumar, Greenside, Shcherbina, Kundaje, Not Just a Black Box (2016).
 */
export async function gradientTimesInput(
  model: tf.LayersModel,
  images: Images,
  { collapse = 'sum', ...options }: PixelOptions = {},
): Promise<Heatmap[]> {
  return drawAttributions(model, images, {
    ...options,
    collapse,
    method: 'gradient-times-input',
    compute: computeGradientTimesInput,
  });
}
