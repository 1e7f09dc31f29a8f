export { fit, type FitOptions } from './fit.js';
export { compileClassifier, crossEntropy, optimizerNames, type CompileOptions } from './compile.js';
export {
  openCheckpoints,
  type Checkpoint,
  type Checkpoints,
  type CheckpointsOptions,
} from './checkpoints.js';
export { captureOptimizer, restoreOptimizer, type OptimizerState } from './optimizer-state.js';
