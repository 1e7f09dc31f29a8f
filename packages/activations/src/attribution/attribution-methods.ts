import type { AttributionMethod } from './attribution-method.js';
import { gradCamMethod } from './cam/grad-cam.js';
import { gradCamPlusPlusMethod } from './cam/grad-cam-plus-plus.js';
import { layerCamMethod } from './cam/layer-cam.js';
import { scoreCamMethod } from './cam/score-cam.js';
import { occlusionMethod } from './perturbation/occlusion.js';
import { deconvnetMethod } from './pixel/deconvnet.js';
import { gradientTimesInputMethod } from './pixel/gradient-times-input.js';
import { guidedBackpropMethod } from './pixel/guided-backprop.js';
import { guidedGradCamMethod } from './pixel/guided-grad-cam.js';
import { integratedGradientsMethod } from './pixel/integrated-gradients.js';
import { saliencyMethod } from './pixel/saliency.js';
import { smoothGradMethod } from './pixel/smooth-grad.js';

/**
 * The attribution methods of this package. Functions that take methods by id have an option `methods` with
 * this list as its default; `extend` of @convlens/core makes a list with further methods.
 */
export const ATTRIBUTION_METHODS: readonly AttributionMethod[] = [
  saliencyMethod,
  gradientTimesInputMethod,
  integratedGradientsMethod,
  smoothGradMethod,
  guidedBackpropMethod,
  deconvnetMethod,
  guidedGradCamMethod,
  gradCamMethod,
  gradCamPlusPlusMethod,
  layerCamMethod,
  scoreCamMethod,
  occlusionMethod,
];
