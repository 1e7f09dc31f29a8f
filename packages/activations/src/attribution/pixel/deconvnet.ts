import * as tf from '@tensorflow/tfjs';
import { expectOptions, type Heatmap, type Images } from '@convlens/core';
import type { AttributionMethod } from '../attribution-method.js';
import { openExplainSession, type PixelMethod } from '../explain-session.js';
import {
  PIXEL_ATTRIBUTION_OPTIONS,
  pixelHeatmaps,
  type PixelAttributionOptions,
} from './pixel-attribution.js';
import { gradientWithRule, withBackwardRule } from './rectifier-hooks.js';

const deconvnetRule = withBackwardRule((dy) => tf.relu(dy));

const computeDeconvnet: PixelMethod = (batch) => gradientWithRule(batch, deconvnetRule);

/**
 * Deconvnet: the gradient, but each rectifier passes back all positive values, whatever its input was. Max
 * pooling passes them to the first maximum of each window, also where all values are zero. Default collapse
 * 'abs-max'. Zeiler, Fergus, Visualizing and Understanding Convolutional Networks (2014).
 *
 * @throws InputError if the model has no rectifier.
 */
export async function deconvnet(
  model: tf.LayersModel,
  images: Images,
  options: PixelAttributionOptions = {},
): Promise<Heatmap[]> {
  expectOptions('deconvnet', options, PIXEL_ATTRIBUTION_OPTIONS);
  const { collapse = 'abs-max' } = options;
  const session = openExplainSession(model, images, options);
  return pixelHeatmaps(session, { collapse, entry: deconvnetMethod, compute: computeDeconvnet });
}

export const deconvnetMethod: AttributionMethod = {
  id: 'deconvnet',
  title: 'Deconvnet',
  family: 'pixel',
  usesLayer: false,
  cost: 'low',
  explain: deconvnet,
  attribute: () => computeDeconvnet,
};
