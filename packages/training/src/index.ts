export { fit, type FitOptions } from './fit.js';
export {
  compileClassifier,
  crossEntropy,
  disposeOptimizer,
  expectCompileOptions,
  optimizerNames,
  type CompileOptions,
} from './compile.js';
export type { UpdateRules } from './update-rules.js';
export type { TargetOptions } from './targets.js';
export type { ClassWeights } from './class-weights.js';
export type { StreamPosition } from './batch-stream.js';
export {
  openCheckpoints,
  type Checkpoint,
  type Checkpoints,
  type CheckpointsOptions,
} from './checkpoints.js';
export { captureOptimizer, restoreOptimizer, type OptimizerState } from './optimizer-state.js';
