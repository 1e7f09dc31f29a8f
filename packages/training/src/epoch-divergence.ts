import { divergenceOf, isCrossEntropyLoss, nonFiniteWeight } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import type { Logs } from './running-mean.js';

export interface EpochDivergence {
  /** Why the epoch is diverged; undefined if it is not. */
  readonly reason?: string;
  /** Whether all weights are finite. From other weights no training recovers. */
  readonly hasFiniteWeights: boolean;
}

/**
 * Whether an epoch is diverged: a loss that is not finite, a cross-entropy below -1e-6, or a weight that is not finite, moving
 * statistics included.
 */
export async function epochDivergence(model: tf.LayersModel, logs: Logs): Promise<EpochDivergence> {
  const { loss, val_loss: valLoss } = logs;
  const losses = divergenceOf({ loss, valLoss }, { isCrossEntropy: isCrossEntropyLoss(model.loss) });
  const weight = await nonFiniteWeight(model);
  const reasons = [losses, weight && `weight ${weight.name} ${weight.value}`].filter(Boolean);
  return {
    ...(reasons.length && { reason: reasons.join(', ') }),
    hasFiniteWeights: weight === undefined,
  };
}
