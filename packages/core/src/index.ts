export { InputError, expectInteger, expectNumber, expectOneOf } from './guards.js';
export { expectImages, type ImageBatch, type Images, type ImageSet, type BatchSource } from './images.js';
export {
  expectPreprocessing,
  IDENTITY,
  preprocess,
  UNIT_RANGE,
  type Preprocessing,
} from './preprocessing.js';
export { normal, randomAt, type Random } from './random.js';
export { memoryStore, substore, type BlobReader, type BlobStore } from './blobs.js';
export {
  HISTOGRAM_BINS,
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
  Region,
  TopActivation,
  TopActivations,
} from './activations.js';
export type { ConfusionMatrix, Evaluation, Prediction } from './evaluation.js';
export type { LayerSummary, ModelSummary } from './model.js';
export type { CallbackState, EpochRecord, ResumableCallback, SteppedLayer, TrainingRun } from './training.js';
