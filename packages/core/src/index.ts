// Records
export {
  defaultClassNames,
  expectImageArray,
  expectImages,
  imageIndex,
  imagePosition,
  pixelsOf,
  selectImages,
  type BatchSource,
  type ImageBatch,
  type Images,
  type ImageSet,
  type LabeledImageSet,
  type Indexed,
} from './records/images.js';
export {
  expectPreprocessing,
  IDENTITY,
  preprocess,
  UNIT_RANGE,
  type Preprocessing,
  type PreprocessOptions,
} from './records/preprocessing.js';
export {
  formatPixelScaling,
  parsePixelScaling,
  PIXEL_SCALINGS,
  type PixelScaling,
} from './records/pixel-scalings.js';
export type { ModelCard, ModelMetrics } from './records/model-card.js';
export type { LayerSummary, ModelSummary, ModelTensor } from './records/model-summary.js';
export {
  bestEpochOf,
  learningRateCuts,
  type EpochRecord,
  type LearningRateCut,
  type TrainingRun,
} from './records/training.js';
export {
  divergenceOf,
  isDivergedLoss,
  type DivergenceOptions,
  type EpochLosses,
} from './records/divergence.js';
export type { CallbackState, MetricCallback, ResumableCallback, SteppedLayer } from './records/callbacks.js';
export type {
  ClassCurves,
  ClassMetrics,
  MetricsAverage,
  MultiLabelMetrics,
} from './records/class-metrics.js';
export type { ConfusionMatrix, Evaluation, Mistakes, Prediction } from './records/evaluation.js';
export type {
  ClassActivations,
  FeatureMaps,
  FilterBank,
  Reduction,
  Region,
  TopActivation,
  TopActivations,
} from './records/activations.js';
export {
  HISTOGRAM_BINS,
  HISTOGRAM_ERROR,
  histogramBin,
  histogramEdges,
  type ChannelStatistics,
  type LayerStatistics,
} from './records/layer-statistics.js';
export type { ClassSelectivity, FilterPair, SimilarFilters, StrongestFilters } from './records/filters.js';
export type {
  ClassSeparability,
  GroupActivations,
  GroupComparison,
  GroupDifference,
  NearestClassMean,
} from './records/groups.js';
export type { Heatmap, LayerGradients } from './records/heatmap.js';
export type {
  HeatmapSimilarity,
  PerturbationCurve,
  SanityCheck,
  SanityStep,
} from './records/faithfulness.js';
export type { InputDiagnosis, InputTrial } from './records/input-diagnosis.js';
export type {
  ImageObjective,
  OptimalStimulus,
  OptimizedImage,
  ScoreTable,
  WeightedObjective,
} from './records/optimized-images.js';
// Models of TensorFlow.js
export {
  ambiguousNames,
  findSavedWeights,
  namedWeights,
  weightPaths,
  type NamedWeight,
  type WeightedLayer,
  type WeightVariable,
} from './model/named-weights.js';
export {
  areSlotsInOrder,
  slotRole,
  slotWeightNames,
  trainedWeights,
  type TrainedModel,
} from './model/optimizer-slots.js';
export {
  completeTopology,
  freezeAsDescribed,
  type DescribedLayer,
  type LayerTopology,
} from './model/complete-topology.js';
export { ownLayers } from './model/own-layers.js';
export { nonFiniteWeight, type NonFiniteWeight, type ReadableWeight } from './model/finite-weights.js';
export { isCrossEntropyLoss, markCrossEntropyLoss } from './model/cross-entropy-loss.js';
// Guards
export { InputError, isInputError } from './guards/input-error.js';
export {
  expectAnyNumber,
  expectBoolean,
  expectBytes,
  expectFunction,
  expectInteger,
  expectIterable,
  expectLength,
  expectList,
  expectMethods,
  expectNumber,
  expectNumbers,
  expectObject,
  expectOneOf,
  expectString,
  type NumberRange,
} from './guards/values.js';
export { expectFields, type FieldKind } from './guards/fields.js';
export { expectRecord, expectRecords, type RecordName, type Records } from './guards/records.js';
export { expectModel, expectOptimizer, expectTensor, expectWeights } from './guards/models.js';
export { showValue } from './guards/show-value.js';
export { expectOptions, nearestName, type OptionNames } from './options.js';
// Texts from files
export { expectInnerPath, isInnerPath } from './inner-path.js';
export { parseJson, type ParseJsonOptions } from './parse-json.js';
// Registries
export { extend, findEntry, idsOf, type RegistryEntry } from './registry.js';
// Seeded randomness
export { normal, randomAt, type Random } from './random.js';
export { evenlySpaced, indexRange, shuffledIndices } from './shuffle.js';
// Formats of numbers and texts
export { escapeControls, formatCount, formatDuration, formatPercent } from './format.js';
