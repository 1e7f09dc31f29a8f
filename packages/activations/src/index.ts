// A model and what it is given
export { findLayer, layerNames } from './model/find-layer.js';
export { keyLayers, type KeyLayer } from './model/key-layers.js';
export type { InputValues, ReadOptions } from './model/subject.js';
export type { Score } from './model/scores.js';

// What in an image speaks for a class, or for another target
export type { ChannelTarget, NeuronTarget, ScoreFunction, Target } from './attribution/targets.js';
export type { ExplainOptions } from './attribution/explanation.js';
export {
  collapseChannels,
  type Attribution,
  type Collapse,
  type PixelOptions,
} from './attribution/attribution.js';
export {
  attributions,
  type AttributionMethod,
  type AttributionsOptions,
} from './attribution/attributions.js';
export { saliency } from './attribution/saliency.js';
export { gradientTimesInput } from './attribution/gradient-times-input.js';
export { guidedBackprop } from './attribution/guided-backprop.js';
export { deconvnet } from './attribution/deconvnet.js';
export { integratedGradients, type IntegratedGradientsOptions } from './attribution/integrated-gradients.js';
export { smoothGrad, type SmoothGradOptions } from './attribution/smooth-grad.js';
export { occlusion, type OcclusionOptions } from './attribution/occlusion.js';
export type { ClassMapOptions } from './attribution/class-map.js';
export { gradCam } from './attribution/grad-cam.js';
export { gradCamPlusPlus, type GradCamPlusPlusOptions } from './attribution/grad-cam-plus-plus.js';
export { layerCam } from './attribution/layer-cam.js';
export { scoreCam, type ScoreCamOptions } from './attribution/score-cam.js';
export { guidedGradCam, type GuidedGradCamOptions } from './attribution/guided-grad-cam.js';
export { layerGradients, type LayerGradientsOptions } from './attribution/layer-gradients.js';

// Which maps deserve belief, and whether the model is fed what it was trained on
export { sanityCheck, type HeatmapMethod, type SanityCheckOptions } from './trust/sanity-check.js';
export {
  deletionCurves,
  insertionCurves,
  type Baseline,
  type PerturbationOptions,
} from './trust/perturbation-curves.js';
export { diagnoseInput, type DiagnoseInputOptions } from './trust/diagnose-input.js';

// What a model does with images: one pass, any number of observers
export {
  observe,
  type Observed,
  type ObservedBatch,
  type ObservedLayer,
  type ObserveOptions,
  type Observer,
  type Results,
} from './stream/observe.js';
export {
  featureMaps,
  layerOutputs,
  observeFeatureMaps,
  type FeatureMapsOptions,
  type LayerOutputsOptions,
} from './stream/feature-maps.js';
export { channelMaximum, type ChannelMaximumOptions } from './stream/channel-maximum.js';
export { kernels, type KernelsOptions } from './stream/kernels.js';
export {
  layerStatistics,
  mergeStatistics,
  observeStatistics,
  type LayerStatisticsOptions,
} from './stream/layer-statistics.js';
export {
  describeStatistics,
  type DescribeStatisticsOptions,
  type StatisticsDescription,
} from './stream/describe-statistics.js';
export type { FilterOptions, Reduction } from './stream/reduction.js';
export {
  mergeTopActivations,
  observeTopActivations,
  topActivations,
  type TopActivationsOptions,
  type TopFilterOptions,
} from './stream/top-activations.js';
export {
  classActivations,
  mergeClassActivations,
  observeClassActivations,
  type ClassActivationsOptions,
} from './stream/class-activations.js';
export { classSelectivity } from './stream/class-selectivity.js';
export {
  mergeStrongestFilters,
  observeStrongestFilters,
  strongestFilters,
  type StrongestFilterOptions,
  type StrongestFiltersOptions,
} from './stream/strongest-filters.js';
export {
  kernelCorrelations,
  similarFilters,
  topOverlaps,
  type SimilarFiltersOptions,
} from './stream/similar-filters.js';
export type { Groups } from './stream/groups.js';
export {
  groupActivations,
  mergeGroupActivations,
  observeGroupActivations,
  type GroupActivationsOptions,
  type GroupOptions,
} from './stream/group-activations.js';
export { compareGroups, type CompareGroupsOptions } from './stream/compare-groups.js';
export { classSeparability } from './stream/class-separability.js';
export {
  mergeNearestMeans,
  nearestMeans,
  observeNearestMeans,
  type NearestMeansOptions,
} from './stream/nearest-means.js';
export { observePredictions, predictions } from './stream/predictions.js';
export {
  evaluateModel,
  mergeConfusion,
  mergeEvaluations,
  observeEvaluation,
} from './stream/evaluate-model.js';
export {
  mergeMistakes,
  mistakes,
  observeMistakes,
  type MistakeOptions,
  type MistakesOptions,
} from './stream/mistakes.js';

// What a part of a model wants to see
export { optimizeImages, type ImageRecipe, type OptimizeImagesOptions } from './optimize/optimize-images.js';
export { imageRecipes } from './optimize/image-recipes.js';
export type { StartImage, StartOptions } from './optimize/start-images.js';
export type { Parametrization, PixelRange } from './optimize/parametrization.js';
export type { Transformation } from './optimize/transformation.js';
export type { Correction, Penalty, Regularizer } from './optimize/regularizer.js';
export type { ImageOptimizer } from './optimize/optimizer.js';
export { scoreTable, type ScoreTableOptions } from './optimize/score-table.js';
export { gatherImages, type GatherImagesOptions } from './optimize/gather-images.js';
export { exactInputs, type ExactInputsOptions } from './optimize/exact-inputs.js';
