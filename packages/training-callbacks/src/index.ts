export {
  earlyStopping,
  type EarlyStopping,
  type EarlyStoppingOptions,
  type EarlyStoppingSettings,
} from './callbacks/early-stopping.js';
export {
  reduceLROnPlateau,
  type ReduceLROnPlateau,
  type ReduceLROnPlateauOptions,
  type ReduceLROnPlateauSettings,
} from './callbacks/reduce-lr-on-plateau.js';
export {
  modelCheckpoint,
  type ModelCheckpoint,
  type ModelCheckpointOptions,
  type ModelCheckpointInfo,
  type ModelCheckpointSettings,
} from './callbacks/model-checkpoint.js';
export {
  learningRateScheduler,
  SCHEDULE_UNITS,
  type LearningRateScheduler,
  type LearningRateSchedulerOptions,
  type ScheduleUnit,
} from './callbacks/learning-rate-scheduler.js';
export {
  cosineDecay,
  inverseTimeDecay,
  oneCycle,
  stepDecay,
  warmUp,
  type CosineDecayOptions,
  type InverseTimeDecayOptions,
  type OneCycleOptions,
  type LearningRateSchedule,
  type StepDecayOptions,
  type WarmUpOptions,
} from './schedules.js';
export { terminateOnNaN, type TerminateOnNaN } from './callbacks/terminate-on-nan.js';
export {
  csvLogger,
  type CsvLogger,
  type CsvLoggerOptions,
  type CsvLoggerSettings,
} from './callbacks/csv-logger.js';
export { jsonLogger, type JsonLogger, type JsonLoggerOptions } from './callbacks/json-logger.js';
export type { LogFileOptions } from './base/log-file.js';
export {
  backupAndRestore,
  type BackupAndRestore,
  type BackupAndRestoreOptions,
} from './callbacks/backup-and-restore.js';
export type { Backup } from './base/backup.js';
export {
  progress,
  type Progress,
  type ProgressOptions,
  type TrainingProgress,
} from './callbacks/progress.js';
export { getLearningRate, setLearningRate } from './learning-rate.js';
export {
  createMonitor,
  MONITOR_MODES,
  type Monitor,
  type MonitorMode,
  type MonitorOptions,
} from './monitor.js';
export type { Logs } from './base/logs.js';
export type { LearningRateCut } from '@convlens/core';

// Types of other packages in these signatures
export type { CallbackState, ResumableCallback } from '@convlens/core';
export type { BlobStore } from '@convlens/storage';
