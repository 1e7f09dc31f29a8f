export { earlyStopping, type EarlyStopping, type EarlyStoppingOptions } from './early-stopping.js';
export {
  reduceLROnPlateau,
  type LearningRateCut,
  type ReduceLROnPlateau,
  type ReduceLROnPlateauOptions,
} from './reduce-lr-on-plateau.js';
export {
  modelCheckpoint,
  type ModelCheckpoint,
  type ModelCheckpointOptions,
  type ModelToSave,
} from './model-checkpoint.js';
export {
  learningRateSchedule,
  type LearningRateSchedule,
  type LearningRateScheduleOptions,
} from './learning-rate-schedule.js';
export {
  cosineDecay,
  inverseTimeDecay,
  oneCycle,
  stepDecay,
  warmUp,
  type CosineDecayOptions,
  type InverseTimeDecayOptions,
  type OneCycleOptions,
  type Schedule,
  type StepDecayOptions,
} from './schedules.js';
export { terminateOnNaN, type TerminateOnNaN } from './terminate-on-nan.js';
export { csvLogger, type CsvLogger, type CsvLoggerOptions } from './csv-logger.js';
export { jsonLogger, type JsonLogger, type JsonLoggerOptions } from './json-logger.js';
export type { LogFileOptions } from './log-file.js';
export {
  backupAndRestore,
  type BackupAndRestore,
  type BackupAndRestoreOptions,
} from './backup-and-restore.js';
export { progress, type Progress, type ProgressOptions, type TrainingProgress } from './progress.js';
export { getLearningRate, setLearningRate } from './learning-rate.js';
export { parseMonitor, type Monitor, type MonitorOptions } from './monitor.js';
export type { Logs } from './logs.js';
