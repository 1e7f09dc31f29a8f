import type * as tf from '@tensorflow/tfjs';
import { expectOneOf, type Images } from '@convlens/core';
import { attribute, type Attribution, type PixelMethod } from './attribution.js';
import { computeDeconvnet } from './deconvnet.js';
import type { ExplainOptions } from './explanation.js';
import { computeGradientTimesInput } from './gradient-times-input.js';
import { computeGuidedBackprop } from './guided-backprop.js';
import { computeIntegratedGradients, type IntegratedGradientsSteps } from './integrated-gradients.js';
import { computeSaliency } from './saliency.js';
import { computeSmoothGrad, type SmoothGradNoise } from './smooth-grad.js';

export type AttributionMethod =
  | 'saliency'
  | 'gradient-times-input'
  | 'guided-backprop'
  | 'deconvnet'
  | 'integrated-gradients'
  | 'smooth-grad';

type Parameters = IntegratedGradientsSteps & SmoothGradNoise;

const METHODS: Record<AttributionMethod, (parameters: Parameters) => PixelMethod> = {
  saliency: () => computeSaliency,
  'gradient-times-input': () => computeGradientTimesInput,
  'guided-backprop': () => computeGuidedBackprop,
  deconvnet: () => computeDeconvnet,
  'integrated-gradients': computeIntegratedGradients,
  'smooth-grad': computeSmoothGrad,
};

export interface AttributionsOptions extends ExplainOptions, Parameters {
  /** Which pixel method; default 'saliency'. */
  method?: AttributionMethod;
}

/**
 * What a pixel method says of each number the model reads, channel by channel; `collapseChannels` makes a Heatmap of it.
 * Steps and baseline belong to 'integrated-gradients'; samples, noise, seed, draws and kind to 'smooth-grad'.
 */
export async function attributions(
  model: tf.LayersModel,
  images: Images,
  {
    method = 'saliency',
    steps,
    baseline,
    samples,
    noise,
    seed,
    draws,
    kind,
    ...options
  }: AttributionsOptions = {},
): Promise<Attribution[]> {
  expectOneOf('method', method, Object.keys(METHODS));
  const compute = METHODS[method]({ steps, baseline, samples, noise, seed, draws, kind });
  return attribute(model, images, { ...options, method, compute });
}
