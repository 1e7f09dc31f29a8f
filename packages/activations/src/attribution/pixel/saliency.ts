import type * as tf from '@tensorflow/tfjs';
import { expectOptions, type Heatmap, type Images } from '@convlens/core';
import type { AttributionMethod } from '../attribution-method.js';
import { openExplainSession, type PixelMethod } from '../explain-session.js';
import {
  PIXEL_ATTRIBUTION_OPTIONS,
  pixelHeatmaps,
  type PixelAttributionOptions,
} from './pixel-attribution.js';

const computeSaliency: PixelMethod = ({ gradient, x }) => gradient(x);

/**
 * Saliency: the gradient of the score with respect to the model input. Default collapse 'abs-max', as in the
 * paper: Simonyan, Vedaldi, Zisserman, Deep Inside Convolutional Networks (2014).
 */
export async function saliency(
  model: tf.LayersModel,
  images: Images,
  options: PixelAttributionOptions = {},
): Promise<Heatmap[]> {
  expectOptions('saliency', options, PIXEL_ATTRIBUTION_OPTIONS);
  const { collapse = 'abs-max' } = options;
  const session = openExplainSession(model, images, options);
  return pixelHeatmaps(session, { collapse, entry: saliencyMethod, compute: computeSaliency });
}

export const saliencyMethod: AttributionMethod = {
  id: 'saliency',
  title: 'Saliency',
  family: 'pixel',
  usesLayer: false,
  cost: 'low',
  isCompared: true,
  explain: saliency,
  attribute: () => computeSaliency,
};
