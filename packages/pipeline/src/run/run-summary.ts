import { bestEpochOf, type EpochRecord } from '@convlens/core';
import { distinctTexts, finiteNumber, integer, openObject } from '@convlens/storage';
import { epochRecordSchema } from '@convlens/training';
import type * as tf from '@tensorflow/tfjs';
import * as v from 'valibot';
import { hasSquareConfusion, savedEvaluation } from '../evaluation/evaluation-file.js';
import { epochDivergence } from '../divergence/epoch-divergence.js';
import type { RunSettings } from './run-settings.js';

const summaryFields = openObject({
  /** The name of the architecture. */
  model: v.string(),
  /** The number of weights. */
  parameters: integer(),
  classNames: distinctTexts({ min: 1 }),
  /** The number of finished epochs. */
  epochs: integer({ min: 1 }),
  /** The number of epochs in the settings. */
  epochsPlanned: integer({ min: 1 }),
  /** The record of the epoch whose weights are in model/. */
  best: epochRecordSchema(),
  seconds: finiteNumber({ min: 0 }),
  /** Why the last epoch is diverged; absent if it is not. */
  diverged: v.optional(v.string()),
  /** The evaluation on the test images, if there is one: from evaluation.json. Earlier versions wrote it here. */
  test: v.optional(savedEvaluation),
});

/** The content of summary.json. */
export type RunSummary = Readonly<v.InferOutput<typeof summaryFields>>;

export const runSummary: v.GenericSchema<unknown, RunSummary> = v.pipe(
  summaryFields,
  v.forward(
    v.check(
      ({ test, classNames }) => !test || hasSquareConfusion(test, classNames.length),
      ({ input: { classNames } }) => `a row and a column for each of the ${classNames.length} classes`,
    ),
    ['test', 'confusion'],
  ),
);

/**
 * The epoch whose weights a run keeps: the best one that is not diverged; without one the last that is not diverged, as before
 * the first validation. If all are diverged, the last epoch, of which there are no weights.
 *
 * @param history at least one record
 */
export function savedEpoch(history: readonly EpochRecord[]): EpochRecord {
  const good = history.filter((record) => epochDivergence(record) === undefined);
  return bestEpochOf(good) ?? good.at(-1) ?? history.at(-1)!;
}

/** The seconds of all epochs. */
export const totalSeconds = (history: readonly EpochRecord[]): number =>
  history.reduce((sum, { seconds }) => sum + seconds, 0);

/** The summary of a run with at least one finished epoch. */
export function summarizeRun(
  model: tf.LayersModel,
  {
    settings,
    classNames,
    history,
  }: { settings: RunSettings; classNames: readonly string[]; history: readonly EpochRecord[] },
): RunSummary {
  const diverged = epochDivergence(history.at(-1)!);
  return {
    model: settings.model,
    parameters: model.countParams(),
    classNames,
    epochs: history.length,
    epochsPlanned: settings.epochs,
    best: savedEpoch(history),
    seconds: totalSeconds(history),
    ...(diverged !== undefined && { diverged }),
  };
}
