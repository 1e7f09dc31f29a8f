// Models and their layers
export { findLayer, layerNames } from './model/find-layer.js';
export { keyLayers, type KeyLayer } from './model/key-layers.js';
export type { InferenceOptions, InputValues } from './model/inference-options.js';
export type { Score } from './model/scores.js';
export type { ScoreKind } from './model/score-reading.js';
export {
  scoresOf,
  type OutputChoice,
  type OutputScores,
  type ScoresOfOptions,
} from './model/select-output.js';

// Attribution
export { ATTRIBUTION_METHODS } from './attribution/attribution-methods.js';
export type {
  AttributionCost,
  AttributionFamily,
  AttributionMethod,
  ExplainFunction,
} from './attribution/attribution-method.js';
export type { AttributionOptions, ExplainBatch, PixelMethod } from './attribution/explain-session.js';
export type { RunOptions, ActivationHook } from './model/run-graph.js';
export type { GraphNode, ModelGraph } from './model/model-graph.js';
export type { ModelInput } from './model/model-input.js';
export type { ChannelTarget, NeuronTarget, ScoreFunction, Target } from './attribution/targets/target.js';
export { attributions, type AttributionsOptions } from './attribution/attributions.js';
export {
  collapseChannels,
  type Attribution,
  type Collapse,
  type CollapseChannelsOptions,
  type PixelAttributionOptions,
} from './attribution/pixel/pixel-attribution.js';
export { saliency } from './attribution/pixel/saliency.js';
export { gradientTimesInput } from './attribution/pixel/gradient-times-input.js';
export { guidedBackprop } from './attribution/pixel/guided-backprop.js';
export { deconvnet } from './attribution/pixel/deconvnet.js';
export {
  integratedGradients,
  type IntegratedGradientsOptions,
  type IntegratedGradientsParameters,
} from './attribution/pixel/integrated-gradients.js';
export {
  smoothGrad,
  type SmoothGradOptions,
  type SmoothGradParameters,
} from './attribution/pixel/smooth-grad.js';
export type { GradientMean } from './attribution/pixel/mean-gradient.js';
export { occlusion, type OcclusionOptions } from './attribution/perturbation/occlusion.js';
export type { CamOptions } from './attribution/cam/class-activation-maps.js';
export { gradCam } from './attribution/cam/grad-cam.js';
export { gradCamPlusPlus, type GradCamPlusPlusOptions } from './attribution/cam/grad-cam-plus-plus.js';
export { layerCam } from './attribution/cam/layer-cam.js';
export { scoreCam, type ScoreCamOptions } from './attribution/cam/score-cam.js';
export { guidedGradCam, type GuidedGradCamOptions } from './attribution/pixel/guided-grad-cam.js';
export { layerGradients, type LayerGradientsOptions } from './attribution/layer-gradients.js';

// Sanity checks and faithfulness
export { sanityCheck, type SanityCheckOptions } from './faithfulness/sanity-check.js';
export type { Baseline } from './faithfulness/baseline.js';
export {
  deletionCurves,
  insertionCurves,
  type PerturbationOptions,
} from './faithfulness/perturbation-curves.js';

// Input diagnosis
export { diagnoseInput, type DiagnoseInputOptions } from './input-diagnosis/diagnose-input.js';

// Statistics, filters and evaluation: one pass over images, any number of observers
export { observe, type ObserveOptions, type Observers } from './observe/observe.js';
export type {
  Collector,
  ObservedBatch,
  ObservedLayer,
  Observer,
  ObserverContext,
  Results,
} from './observe/observer.js';
export {
  featureMaps,
  layerOutputs,
  observeFeatureMaps,
  type FeatureMapsOptions,
  type LayerOutputsOptions,
  type ObserveFeatureMapsOptions,
} from './filters/feature-maps.js';
export { channelMaximum, type ChannelMaximumOptions } from './filters/channel-maximum.js';
export { kernels, type KernelsOptions } from './filters/kernels.js';
export {
  layerStatistics,
  mergeLayerStatistics,
  observeLayerStatistics,
  type LayerStatisticsOptions,
  type ObserveLayerStatisticsOptions,
} from './statistics/layer-statistics.js';
export {
  describeStatistics,
  type DescribeStatisticsOptions,
  type StatisticsDescription,
} from './statistics/describe-statistics.js';
export type { FilterOptions } from './observe/filter-options.js';
export {
  mergeTopActivations,
  observeTopActivations,
  topActivations,
  type TopActivationsOptions,
  type ObserveTopActivationsOptions,
} from './filters/top-activations.js';
export {
  classActivations,
  mergeClassActivations,
  observeClassActivations,
  type ClassActivationsOptions,
} from './statistics/class-activations.js';
export { classSelectivity } from './statistics/class-selectivity.js';
export {
  mergeStrongestFilters,
  observeStrongestFilters,
  strongestFilters,
  type ObserveStrongestFiltersOptions,
  type StrongestFiltersOptions,
} from './filters/strongest-filters.js';
export { similarFilters, type SimilarFiltersOptions } from './filters/similar-filters.js';
export { kernelCorrelations } from './filters/kernel-correlations.js';
export { topOverlaps } from './filters/top-overlaps.js';
export type { AssignedGroups, Groups } from './statistics/groups.js';
export {
  groupActivations,
  mergeGroupActivations,
  observeGroupActivations,
  type GroupActivationsOptions,
  type ObserveGroupActivationsOptions,
} from './statistics/group-activations.js';
export { compareGroups, type CompareGroupsOptions } from './statistics/compare-groups.js';
export { classSeparability } from './statistics/class-separability.js';
export {
  mergeNearestClassMean,
  nearestClassMean,
  observeNearestClassMean,
  type NearestClassMeanOptions,
} from './statistics/nearest-class-mean.js';
export { observePredictions, predictions } from './evaluation/predictions.js';
export {
  evaluateModel,
  mergeConfusionMatrices,
  mergeEvaluations,
  observeEvaluation,
} from './evaluation/evaluate-model.js';
export {
  classMetrics,
  confusionMatrix,
  topKAccuracy,
  type ConfusionMatrixOptions,
  type TopKAccuracyOptions,
} from './evaluation/class-metrics.js';
export { classCurves, type ClassCurvesOptions } from './evaluation/class-curves.js';
export { multiLabelMetrics, type MultiLabelMetricsOptions } from './evaluation/multi-label-metrics.js';
export {
  mergeMistakes,
  mistakes,
  observeMistakes,
  type ObserveMistakesOptions,
  type MistakesOptions,
} from './evaluation/mistakes.js';

// Feature visualization
export { visualizeFeatures } from './feature-visualization/visualize-features.js';
export type {
  VisualizationPreset,
  VisualizeFeaturesOptions,
} from './feature-visualization/visualization-options.js';
export {
  VISUALIZATION_SCORES,
  type VisualizationScore,
} from './feature-visualization/objectives/visualization-score.js';
export { visualizationPresets } from './feature-visualization/visualization-presets.js';
export type { StartImage, StartOptions } from './feature-visualization/start-images.js';
export type {
  Parametrization,
  PixelRange,
  PixelParametrization,
  FourierParametrization,
} from './feature-visualization/parametrization/parametrization.js';
export type { FourierColors } from './feature-visualization/parametrization/fourier-encoding.js';
export type { Transformation } from './feature-visualization/transformations/transformation.js';
export type { Correction, Penalty, Regularizer } from './feature-visualization/regularizers/regularizer.js';
export type { ImageOptimizer } from './feature-visualization/ascent/optimizer.js';
export { scoreTable, type ScoreTableOptions } from './feature-visualization/score-table.js';
export { toImageSet, type ToImageSetOptions } from './feature-visualization/to-image-set.js';
export { optimalStimuli, type OptimalStimuliOptions } from './feature-visualization/optimal-stimuli.js';

// Types of other packages in these signatures
export type {
  ClassActivations,
  ClassCurves,
  ClassMetrics,
  ClassSelectivity,
  ClassSeparability,
  ConfusionMatrix,
  Evaluation,
  FeatureMaps,
  FilterBank,
  GroupActivations,
  GroupComparison,
  Heatmap,
  ImageObjective,
  ImageSet,
  Images,
  InputDiagnosis,
  LayerGradients,
  LayerStatistics,
  Mistakes,
  MultiLabelMetrics,
  NearestClassMean,
  OptimalStimulus,
  OptimizedImage,
  PerturbationCurve,
  Prediction,
  Preprocessing,
  Reduction,
  Region,
  RegistryEntry,
  SanityCheck,
  ScoreTable,
  SimilarFilters,
  StrongestFilters,
  TopActivations,
} from '@convlens/core';
