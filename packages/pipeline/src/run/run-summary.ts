import { bestEpochOf, type EpochRecord } from '@convlens/core';
import { distinctTexts, finiteNumber, integer, openObject } from '@convlens/storage';
import { epochRecordSchema } from '@convlens/training';
import type * as tf from '@tensorflow/tfjs';
import * as v from 'valibot';
import { hasSquareConfusion, savedEvaluation } from './evaluation-file.js';
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
 * The epoch whose weights a run keeps: the best one, or the last one if no epoch has a finite validation
 * loss, as before the first validation.
 *
 * @param history at least one record
 */
export const savedEpoch = (history: readonly EpochRecord[]): EpochRecord =>
  bestEpochOf(history) ?? history.at(-1)!;

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
  return {
    model: settings.model,
    parameters: model.countParams(),
    classNames,
    epochs: history.length,
    epochsPlanned: settings.epochs,
    best: savedEpoch(history),
    seconds: totalSeconds(history),
  };
}
