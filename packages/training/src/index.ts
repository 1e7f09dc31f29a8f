export { fit } from './fit.js';
export type { FitOptions } from './fit-options.js';
export {
  compileClassifier,
  crossEntropy,
  disposeOptimizer,
  expectCompileOptions,
  optimizerNames,
  type CompileOptions,
  type OptimizerName,
} from './compile.js';
export { epochRecordSchema } from './epoch-record.js';
export type { UpdateRules } from './update-rules.js';
export type { TargetOptions } from './targets.js';
export type { ClassWeight } from './class-weight.js';
export type { StreamPosition } from './batch-stream.js';
export {
  openCheckpoints,
  type Checkpoint,
  type Checkpoints,
  type StoredCheckpoints,
  type CheckpointsOptions,
} from './checkpoints/checkpoints.js';
export { captureOptimizer, restoreOptimizer } from './checkpoints/optimizer-state.js';
export type { OptimizerState, StateTensor, SavedSlots } from './checkpoints/saved-slots.js';

// Types of other packages in these signatures
export type { BatchSource, EpochRecord, Preprocessing } from '@convlens/core';
export type { BlobStore } from '@convlens/storage';
