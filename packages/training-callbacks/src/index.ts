export { earlyStopping, type EarlyStopping, type EarlyStoppingOptions } from './early-stopping.js';
export {
  reduceLROnPlateau,
  type LearningRateCut,
  type ReduceLROnPlateau,
  type ReduceLROnPlateauOptions,
} from './reduce-lr-on-plateau.js';
export { progress, type Progress, type ProgressOptions, type TrainingProgress } from './progress.js';
export { getLearningRate, setLearningRate } from './learning-rate.js';
export { parseMonitor, type Monitor, type MonitorOptions } from './monitor.js';
export type { Logs } from './logs.js';
