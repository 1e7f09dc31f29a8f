import type * as tf from '@tensorflow/tfjs';
import {
  expectList,
  expectObject,
  expectOptions,
  findEntry,
  type Images,
  type OptionNames,
} from '@convlens/core';
import type { AttributionMethod } from './attribution-method.js';
import { ATTRIBUTION_METHODS } from './attribution-methods.js';
import { ATTRIBUTION_OPTIONS, openExplainSession, type AttributionOptions } from './explain-session.js';
import type { IntegratedGradientsParameters } from './pixel/integrated-gradients.js';
import { attributeImages, type Attribution } from './pixel/pixel-attribution.js';
import type { SmoothGradParameters } from './pixel/smooth-grad.js';

export interface AttributionsOptions
  extends AttributionOptions, IntegratedGradientsParameters, SmoothGradParameters {
  /** The id of a pixel attribution method; default 'saliency'. */
  method?: string;
  /** The list to find `method` in; default ATTRIBUTION_METHODS. */
  methods?: readonly AttributionMethod[];
}

/** The options of every method; an entry lists its own in `parameters`. */
const COMMON_OPTIONS = { ...ATTRIBUTION_OPTIONS, method: true, methods: true } as const;

/**
 * The values of a pixel attribution method for each channel of each pixel; `collapseChannels` reduces them to
 * a heatmap. `steps` and `baseline` apply to 'integrated-gradients'; `samples`, `noise`, `seed`,
 * `noiseValues` and `kind` to 'smooth-grad'.
 *
 * @throws InputError if `methods` has no such pixel attribution method, with a list of those that it has, and
 * for an option that does not apply to the method.
 */
export async function attributions(
  model: tf.LayersModel,
  images: Images,
  options: AttributionsOptions = {},
): Promise<Attribution[]> {
  expectObject('the options of attributions', options);
  const { method = 'saliency', methods = ATTRIBUTION_METHODS } = options;
  expectList('methods', methods, expectObject);
  const pixelMethods = methods.filter(({ attribute }) => attribute !== undefined);
  const entry = findEntry('method', method, pixelMethods);
  const names: OptionNames<object> = { ...COMMON_OPTIONS, ...entry.parameters };
  expectOptions<object>('attributions', options, names);
  const compute = entry.attribute!(options);
  return attributeImages(openExplainSession(model, images, options), { entry, compute });
}
