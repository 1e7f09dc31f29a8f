export { findLayer, layerNames } from './find-layer.js';
export type { InputValues, ReadOptions } from './subject.js';
export type { Score } from './scores.js';
export type { ChannelTarget, NeuronTarget, ScoreFunction, Target } from './targets.js';
export type { ExplainOptions } from './explanation.js';
export { collapseChannels, type Attribution, type Collapse, type PixelOptions } from './attribution.js';
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
export { scoreCam, type ScoreCamOptions } from './score-cam.js';
export { guidedGradCam, type GuidedGradCamOptions } from './guided-grad-cam.js';
export { layerGradients, type LayerGradientsOptions } from './layer-gradients.js';
export { sanityCheck, type HeatmapMethod, type SanityCheckOptions } from './sanity-check.js';
export {
  deletionCurves,
  insertionCurves,
  type Baseline,
  type PerturbationOptions,
} from './perturbation-curves.js';
export { diagnoseInput, type DiagnoseInputOptions } from './diagnose-input.js';
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
  mergeTopActivations,
  observeTopActivations,
  topActivations,
  type TopActivationsOptions,
  type TopFilterOptions,
} from './top-activations.js';
export {
  classActivations,
  mergeClassActivations,
  observeClassActivations,
  type ClassActivationsOptions,
} from './class-activations.js';
export { classSelectivity } from './class-selectivity.js';
export {
  mergeStrongestFilters,
  observeStrongestFilters,
  strongestFilters,
  type StrongestFilterOptions,
  type StrongestFiltersOptions,
} from './strongest-filters.js';
export {
  kernelCorrelations,
  similarFilters,
  topOverlaps,
  type SimilarFiltersOptions,
} from './similar-filters.js';
export type { Groups } from './groups.js';
export {
  groupActivations,
  mergeGroupActivations,
  observeGroupActivations,
  type GroupActivationsOptions,
  type GroupOptions,
} from './group-activations.js';
export { compareGroups, type CompareGroupsOptions } from './compare-groups.js';
export { classSeparability } from './class-separability.js';
export {
  mergeNearestMeans,
  nearestMeans,
  observeNearestMeans,
  type NearestMeansOptions,
} from './nearest-means.js';
export { observePredictions, predictions } from './predictions.js';
export { evaluateModel, mergeConfusion, mergeEvaluations, observeEvaluation } from './evaluate-model.js';
export {
  mergeMistakes,
  mistakes,
  observeMistakes,
  type MistakeOptions,
  type MistakesOptions,
} from './mistakes.js';
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
