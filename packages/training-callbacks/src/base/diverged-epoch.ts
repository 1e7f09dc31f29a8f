import { divergenceOf, isCrossEntropyLoss, nonFiniteWeight } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { readMetric, type Logs } from './logs.js';

/** Whether the logged losses are diverged: not finite, or a cross-entropy below 0. */
export async function hasDivergedLoss(model: tf.LayersModel, logs: Logs): Promise<boolean> {
  const losses = { loss: await readMetric(logs, 'loss'), valLoss: await readMetric(logs, 'val_loss') };
  return divergenceOf(losses, { isCrossEntropy: isCrossEntropyLoss(model.loss) }) !== undefined;
}

/**
 * Whether an epoch, or the batches so far, are diverged: a loss is, or a weight is not finite, such as the moving statistic of
 * a batch normalization, which the training loss does not depend on.
 */
export const isDivergedEpoch = async (model: tf.LayersModel, logs: Logs): Promise<boolean> =>
  (await hasDivergedLoss(model, logs)) || (await nonFiniteWeight(model)) !== undefined;
