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

/** The positive part of dy where the input was positive and the rectifier output it unchanged. */
const guidedRule = withBackwardRule((dy, x, y) =>
  tf.mul(tf.relu(dy), tf.mul(tf.step(x), tf.cast(tf.equal(x, y), 'float32'))),
);

export const computeGuidedBackprop: PixelMethod = (batch) => gradientWithRule(batch, guidedRule);

/**
 * Guided backpropagation: the gradient, but each rectifier (ReLU, LeakyReLU, ELU, ...) passes back only
 * positive values, and only where its input was positive. Default collapse 'abs-max'. Springenberg,
 * Dosovitskiy, Brox, Riedmiller, Striving for Simplicity (2015).
 *
 * @throws InputError if the model has no rectifier.
 */
export async function guidedBackprop(
  model: tf.LayersModel,
  images: Images,
  options: PixelAttributionOptions = {},
): Promise<Heatmap[]> {
  expectOptions('guidedBackprop', options, PIXEL_ATTRIBUTION_OPTIONS);
  const { collapse = 'abs-max' } = options;
  const session = openExplainSession(model, images, options);
  return pixelHeatmaps(session, { collapse, entry: guidedBackpropMethod, compute: computeGuidedBackprop });
}

export const guidedBackpropMethod: AttributionMethod = {
  id: 'guided-backprop',
  title: 'Guided backprop',
  family: 'pixel',
  usesLayer: false,
  cost: 'low',
  isCompared: true,
  explain: guidedBackprop,
  attribute: () => computeGuidedBackprop,
};
