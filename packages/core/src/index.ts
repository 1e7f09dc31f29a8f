export { InputError, isInputError, expectInteger, expectNumber, expectOneOf } from './guards.js';
export { expectOptions, nearestName, type OptionNames } from './options.js';
export { formatCount, formatDuration, formatPercent, formatQuantity } from './format.js';
export { firstIndices, shuffledIndices } from './indices.js';
export { expectImages, imageIndex, type ImageBatch, type Images, type ImageSet, type BatchSource } from './images.js';
export {
  expectPreprocessing,
  IDENTITY,
  preprocess,
  UNIT_RANGE,
  type Preprocessing,
} from './preprocessing.js';
export { normal, randomAt, type Random } from './random.js';
export {
  HISTOGRAM_BINS,
  HISTOGRAM_ERROR,
  histogramBin,
  histogramEdges,
  type ChannelStatistics,
  type LayerStatistics,
} from './statistics.js';
export type {
  ClassActivations,
  FeatureMaps,
  FilterBank,
  Heatmap,
  LayerGradients,
  Region,
  TopActivation,
  TopActivations,
} from './activations.js';
export type { ClassSelectivity, FilterPair, SimilarFilters, StrongestFilters } from './filters.js';
export type {
  ClassSeparability,
  GroupActivations,
  GroupComparison,
  GroupDifference,
  NearestMeans,
} from './groups.js';
export type { ConfusionMatrix, Evaluation, Mistakes, Prediction } from './evaluation.js';
export type {
  InputDiagnosis,
  InputTrial,
  MapSimilarity,
  PerturbationCurve,
  SanityCheck,
  SanityStep,
} from './trust.js';
export { methodName } from './method-names.js';
export type { LayerSummary, ModelSummary } from './model.js';
export {
  bestEpochOf,
  learningRateCuts,
  type CallbackState,
  type EpochRecord,
  type LearningRateCut,
  type MetricCallback,
  type ResumableCallback,
  type SteppedLayer,
  type TrainingRun,
} from './training.js';
export type {
  ExactInput,
  ImageObjective,
  OptimizedImage,
  ScoreTable,
  WeightedObjective,
} from './optimized-images.js';
