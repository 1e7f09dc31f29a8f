import type { EpochRecord } from '@convlens/core';
import type { Logs } from './means.js';

/** Logged, but said elsewhere in a record, or under another name. */
const KNOWN = ['acc', 'val_acc', 'lr', 'learningRate', 'learning_rate'];

/** The record of an epoch, of what was logged in it. */
export function recordOf(
  logs: Logs,
  { epoch, learningRate, seconds }: Pick<EpochRecord, 'epoch' | 'learningRate' | 'seconds'>,
): EpochRecord {
  const { loss, accuracy, val_loss: valLoss, val_accuracy: valAccuracy, ...rest } = logs;
  const metrics = Object.fromEntries(Object.entries(rest).filter(([name]) => !KNOWN.includes(name)));
  return { epoch, learningRate, loss, accuracy, valLoss, valAccuracy, seconds, metrics };
}
