import { bestEpochOf, type EpochRecord } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import type { RunSummary } from './run-folder.js';
import type { RunSettings } from './settings.js';

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
