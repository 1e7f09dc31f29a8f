import type { EpochRecord } from '@convlens/core';
import type { Logs } from './running-mean.js';

/** Logged metrics that are other fields of the record, or aliases. */
const EXCLUDED_LOGS = ['acc', 'val_acc', 'lr', 'learningRate', 'learning_rate'];

/** The record of an epoch from its logs. */
export function epochRecord(
  logs: Logs,
  { epoch, learningRate, seconds }: Pick<EpochRecord, 'epoch' | 'learningRate' | 'seconds'>,
): EpochRecord {
  const { loss, accuracy, val_loss: valLoss, val_accuracy: valAccuracy, ...rest } = logs;
  const metrics = Object.fromEntries(Object.entries(rest).filter(([name]) => !EXCLUDED_LOGS.includes(name)));
  return { epoch, learningRate, loss, accuracy, valLoss, valAccuracy, seconds, metrics };
}
