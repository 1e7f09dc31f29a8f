export { findLayer, layerNames } from './find-layer.js';
export type { ReadOptions } from './subject.js';
export type { Score, Target } from './scores.js';
export {
  collapseChannels,
  type Attribution,
  type Collapse,
  type ExplainOptions,
  type PixelOptions,
} from './attribution.js';
export { attributions, type AttributionMethod, type AttributionsOptions } from './attributions.js';
export { saliency } from './saliency.js';
export { gradientTimesInput } from './gradient-times-input.js';
export { guidedBackprop } from './guided-backprop.js';
export { deconvnet } from './deconvnet.js';
export { integratedGradients, type IntegratedGradientsOptions } from './integrated-gradients.js';
export { smoothGrad, type SmoothGradOptions } from './smooth-grad.js';
export { occlusion, type OcclusionOptions } from './occlusion.js';
export type { ClassMapOptions } from './class-map.js';
export { gradCam } from './grad-cam.js';
export { gradCamPlusPlus, type GradCamPlusPlusOptions } from './grad-cam-plus-plus.js';
export { layerCam } from './layer-cam.js';
export {
  observe,
  type Observed,
  type ObservedBatch,
  type ObservedLayer,
  type ObserveOptions,
  type Observer,
  type Results,
} from './observe.js';
export {
  featureMaps,
  layerOutputs,
  observeFeatureMaps,
  type FeatureMapsOptions,
  type LayerOutputsOptions,
} from './feature-maps.js';
export { kernels, type KernelsOptions } from './kernels.js';
export {
  layerStatistics,
  mergeStatistics,
  observeStatistics,
  type LayerStatisticsOptions,
} from './layer-statistics.js';
export {
  describeStatistics,
  type DescribeStatisticsOptions,
  type StatisticsDescription,
} from './describe-statistics.js';
export type { FilterOptions, Reduction } from './reduction.js';
export {
  observeTopActivations,
  topActivations,
  type TopActivationsOptions,
  type TopFilterOptions,
} from './top-activations.js';
export {
  classActivations,
  observeClassActivations,
  type ClassActivationsOptions,
} from './class-activations.js';
export { observePredictions, predictions } from './predictions.js';
export { evaluateModel, observeEvaluation } from './evaluate-model.js';
