import {
  expectObject,
  expectFields,
  isDivergedLoss,
  type EpochRecord,
  type Evaluation,
} from '@convlens/core';
import { epochDivergence } from './epoch-divergence.js';
import type { RunSettings } from '../run/run-settings.js';
import type { RunSummary } from '../run/run-summary.js';

/** The error of a training or an evaluation whose result is diverged. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

/** The advice is to divide the learning rate by this. */
const LEARNING_RATE_DIVISOR = 10;

const advice = ({ learningRate }: RunSettings) =>
  `Train with a lower learning rate than ${learningRate}, such as ${Number((learningRate / LEARNING_RATE_DIVISOR).toPrecision(3))}`;

/** "epoch 3 (loss NaN)", or "3 epochs, 2 to 4 (last: loss NaN)". */
function divergedEpochs(history: readonly EpochRecord[]): string | undefined {
  const diverged = history.filter((record) => epochDivergence(record) !== undefined);
  const last = diverged.at(-1);
  if (!last) return undefined;
  const reason = epochDivergence(last);
  if (diverged.length === 1) return `epoch ${last.epoch + 1} (${reason})`;
  return `${diverged.length} epochs, ${diverged[0].epoch + 1} to ${last.epoch + 1} (last: ${reason})`;
}

/** A sentence about the diverged epochs of a run; undefined if there are none. */
export function describeDivergence(
  history: readonly EpochRecord[],
  settings: RunSettings,
): string | undefined {
  const epochs = divergedEpochs(history);
  return epochs && `The training diverged in ${epochs}. ${advice(settings)}.`;
}

/**
 * Throws a DivergedError if the last epoch of a run is diverged: it names the epoch, the value, what is kept and what to try.
 */
export function expectConverged(summary: RunSummary, settings: RunSettings): void {
  expectFields('RunSummary', 'summary', summary, { best: 'object' });
  expectObject('settings', settings);
  const { diverged, epochs, best } = summary;
  if (diverged === undefined) return;
  const kept =
    epochDivergence(best) === undefined ? `the model of epoch ${best.epoch + 1} is kept` : 'no model is kept';
  throw new DivergedError(
    `The training diverged in epoch ${epochs} (${diverged}); ${kept}. ${advice(settings)}`,
  );
}

/** Throws a DivergedError if the loss of an evaluation is not finite, or below 0. */
export function expectFiniteLoss(evaluation: Pick<Evaluation, 'name' | 'loss'>): void {
  expectFields('Evaluation', 'evaluation', evaluation, { name: 'string', loss: 'number' });
  const { name, loss } = evaluation;
  if (isDivergedLoss(loss, { isCrossEntropy: true }))
    throw new DivergedError(
      `The loss on ${name} is ${loss}, so the outputs of the model are not probabilities: its training diverged, or its ` +
        'preprocessing is wrong. Train with a lower learning rate',
    );
}
