import type * as tf from '@tensorflow/tfjs';
import { expectOptions, findEntry, type Images, type OptionNames } from '@convlens/core';
import type { AttributionMethod } from './attribution-method.js';
import { ATTRIBUTION_METHODS } from './attribution-methods.js';
import { ATTRIBUTION_OPTIONS, openExplainSession, type AttributionOptions } from './explain-session.js';
import {
  INTEGRATED_GRADIENTS_PARAMETERS,
  type IntegratedGradientsParameters,
} from './pixel/integrated-gradients.js';
import { attributeImages, type Attribution } from './pixel/pixel-attribution.js';
import { SMOOTH_GRAD_PARAMETERS, type SmoothGradParameters } from './pixel/smooth-grad.js';

export interface AttributionsOptions
  extends AttributionOptions, IntegratedGradientsParameters, SmoothGradParameters {
  /** The id of a pixel attribution method; default 'saliency'. */
  method?: string;
  /** The list to find `method` in; default ATTRIBUTION_METHODS. */
  methods?: readonly AttributionMethod[];
}

const ATTRIBUTIONS_OPTIONS: OptionNames<AttributionsOptions> = {
  ...ATTRIBUTION_OPTIONS,
  ...INTEGRATED_GRADIENTS_PARAMETERS,
  ...SMOOTH_GRAD_PARAMETERS,
  method: true,
  methods: true,
};

/**
 * The values of a pixel attribution method for each channel of each pixel; `collapseChannels` reduces them to
 * a heatmap. `steps` and `baseline` apply to 'integrated-gradients'; `samples`, `noise`, `seed`,
 * `noiseValues` and `kind` to 'smooth-grad'.
 *
 * @throws InputError if `methods` has no such pixel attribution method; it lists those that it has.
 */
export async function attributions(
  model: tf.LayersModel,
  images: Images,
  options: AttributionsOptions = {},
): Promise<Attribution[]> {
  expectOptions('attributions', options, ATTRIBUTIONS_OPTIONS);
  const { method = 'saliency', methods = ATTRIBUTION_METHODS } = options;
  const pixelMethods = methods.filter(({ attribute }) => attribute !== undefined);
  const entry = findEntry('method', method, pixelMethods);
  const { steps, baseline, samples, noise, seed, noiseValues, kind } = options;
  const compute = entry.attribute!({ steps, baseline, samples, noise, seed, noiseValues, kind });
  return attributeImages(openExplainSession(model, images, options), { entry, compute });
}
