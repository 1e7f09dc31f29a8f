import * as tf from '@tensorflow/tfjs';
import {
  expectInteger,
  expectNumber,
  expectOptions,
  type Heatmap,
  type Images,
  type OptionNames,
} from '@convlens/core';
import { preprocessLevel } from '../../model/model-input.js';
import type { AttributionMethod } from '../attribution-method.js';
import { openExplainSession, type PixelMethod } from '../explain-session.js';
import { meanGradient } from './mean-gradient.js';
import {
  PIXEL_ATTRIBUTION_OPTIONS,
  pixelHeatmaps,
  type PixelAttributionOptions,
} from './pixel-attribution.js';

export interface IntegratedGradientsParameters {
  /**
   * The number of gradients, at the midpoints of equal steps from the baseline to the image; default 32, an
   * integer >= 1.
   */
  steps?: number;
  /** The level of all pixels of the baseline image; default 0 (black), 0 to 255. */
  baseline?: number;
}

const INTEGRATED_GRADIENTS_PARAMETERS: OptionNames<IntegratedGradientsParameters> = {
  steps: true,
  baseline: true,
};

export interface IntegratedGradientsOptions extends PixelAttributionOptions, IntegratedGradientsParameters {}

const INTEGRATED_GRADIENTS_OPTIONS: OptionNames<IntegratedGradientsOptions> = {
  ...PIXEL_ATTRIBUTION_OPTIONS,
  ...INTEGRATED_GRADIENTS_PARAMETERS,
};

function computeIntegratedGradients({
  steps = 32,
  baseline = 0,
}: IntegratedGradientsParameters): PixelMethod {
  expectInteger('steps', steps, { min: 1 });
  expectNumber('baseline', baseline, { min: 0, max: 255 });
  return async (batch) => {
    const start = tf.tensor1d(preprocessLevel(batch.modelInput, baseline));
    const difference = tf.sub(batch.x, start);
    try {
      const mean = await meanGradient(batch, {
        count: steps,
        pointOf: (k) => tf.add(start, tf.mul(difference, (k + 0.5) / steps)),
      });
      const result: tf.Tensor4D = tf.mul(mean, difference);
      mean.dispose();
      return result;
    } finally {
      tf.dispose([start, difference]);
    }
  };
}

/**
 * Integrated gradients: the mean gradient along the straight line from a baseline image to the image, times
 * the difference of the two. The values add up to the difference of the two scores; the default collapse
 * 'sum' keeps that. Sundararajan, Taly, Yan, Axiomatic Attribution for Deep Networks (2017).
 */
export async function integratedGradients(
  model: tf.LayersModel,
  images: Images,
  options: IntegratedGradientsOptions = {},
): Promise<Heatmap[]> {
  expectOptions('integratedGradients', options, INTEGRATED_GRADIENTS_OPTIONS);
  const { collapse = 'sum' } = options;
  const compute = computeIntegratedGradients(options);
  const session = openExplainSession(model, images, options);
  return pixelHeatmaps(session, { collapse, entry: integratedGradientsMethod, compute });
}

export const integratedGradientsMethod: AttributionMethod = {
  id: 'integrated-gradients',
  title: 'Integrated gradients',
  family: 'pixel',
  usesLayer: false,
  cost: 'medium',
  isCompared: true,
  explain: integratedGradients,
  attribute: computeIntegratedGradients,
  parameters: INTEGRATED_GRADIENTS_PARAMETERS,
};
