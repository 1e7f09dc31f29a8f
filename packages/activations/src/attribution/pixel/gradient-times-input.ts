import * as tf from '@tensorflow/tfjs';
import { expectOptions, type Heatmap, type Images } from '@convlens/core';
import type { AttributionMethod } from '../attribution-method.js';
import { openExplainSession, type PixelMethod } from '../explain-session.js';
import {
  PIXEL_ATTRIBUTION_OPTIONS,
  pixelHeatmaps,
  type PixelAttributionOptions,
} from './pixel-attribution.js';

const computeGradientTimesInput: PixelMethod = ({ gradient, x }) =>
  tf.tidy(() => tf.mul<tf.Tensor4D>(gradient(x), x));

/**
 * Gradient times input: the first-order contribution of each pixel to the score. Default collapse 'sum',
 * which keeps the sign. Shrikumar, Greenside, Shcherbina, Kundaje, Not Just a Black Box (2016).
 */
export async function gradientTimesInput(
  model: tf.LayersModel,
  images: Images,
  options: PixelAttributionOptions = {},
): Promise<Heatmap[]> {
  expectOptions('gradientTimesInput', options, PIXEL_ATTRIBUTION_OPTIONS);
  const { collapse = 'sum' } = options;
  const session = openExplainSession(model, images, options);
  return pixelHeatmaps(session, {
    collapse,
    entry: gradientTimesInputMethod,
    compute: computeGradientTimesInput,
  });
}

export const gradientTimesInputMethod: AttributionMethod = {
  id: 'gradient-times-input',
  title: 'Gradient × input',
  family: 'pixel',
  usesLayer: false,
  cost: 'low',
  isCompared: true,
  explain: gradientTimesInput,
  attribute: () => computeGradientTimesInput,
};
