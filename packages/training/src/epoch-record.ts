import type { EpochRecord } from '@convlens/core';
import { dictionary, finiteNumber, integer, metric, openObject } from '@convlens/storage';
import * as v from 'valibot';
import type { Logs } from './running-mean.js';

/** Logged metrics that are other fields of the record, or aliases. */
const EXCLUDED_LOGS = ['acc', 'val_acc', 'lr', 'learningRate', 'learning_rate'];

/** The record of an epoch from its logs. */
export function epochRecord(
  logs: Logs,
  {
    epoch,
    learningRate,
    seconds,
    diverged,
  }: Pick<EpochRecord, 'epoch' | 'learningRate' | 'seconds' | 'diverged'>,
): EpochRecord {
  const { loss, accuracy, val_loss: valLoss, val_accuracy: valAccuracy, ...rest } = logs;
  const metrics = Object.fromEntries(Object.entries(rest).filter(([name]) => !EXCLUDED_LOGS.includes(name)));
  const record = { epoch, learningRate, loss, accuracy, valLoss, valAccuracy, seconds, metrics };
  return diverged === undefined ? record : { ...record, diverged };
}

/** Rounding may leave a mean of fractions this far outside 0 to 1. */
const ROUNDING = 1e-6;

const fraction = () =>
  v.pipe(
    metric(),
    v.check(
      (value) => Number.isNaN(value) || (value >= -ROUNDING && value <= 1 + ROUNDING),
      'a number from 0 to 1',
    ),
  );

/** The record of an epoch in a file. A metric that is not finite is null there, and NaN here. */
export const epochRecordSchema = (): v.GenericSchema<unknown, EpochRecord> =>
  openObject({
    epoch: integer(),
    learningRate: metric(),
    loss: metric(),
    accuracy: fraction(),
    valLoss: v.optional(metric()),
    valAccuracy: v.optional(fraction()),
    seconds: finiteNumber({ min: 0 }),
    metrics: dictionary(metric()),
    diverged: v.optional(v.string()),
  });
