import { InputError, type ResumableCallback } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import type { Checkpoint } from './checkpoints.js';
import { captureOptimizer, restoreOptimizer } from './optimizer-state.js';

/** Everything that the rest of a run depends on. */
export async function captureCheckpoint(
  model: tf.LayersModel,
  callbacks: readonly ResumableCallback[],
  { history, stopped, position }: Pick<Checkpoint, 'history' | 'stopped' | 'position'>,
): Promise<Checkpoint> {
  const weights = model.weights.map(async (weight) => {
    const tensor = weight.read();
    return {
      name: weight.originalName,
      shape: tensor.shape,
      values: (await tensor.data<'float32'>()).slice(),
    };
  });
  return {
    epochs: history.length,
    stopped,
    position,
    history,
    weights: await Promise.all(weights),
    optimizer: await captureOptimizer(model.optimizer),
    callbacks: Object.fromEntries(callbacks.map((callback) => [callback.stateName, callback.getState()])),
  };
}

/**
 * Restores a checkpoint on a model of the same architecture.
 *
 * @throws InputError if the checkpoint does not fit the model, its optimizer or the callbacks.
 */
export function restoreCheckpoint(
  model: tf.LayersModel,
  callbacks: readonly ResumableCallback[],
  checkpoint: Checkpoint,
): void {
  const shapes = (weights: { shape: readonly (number | null)[] }[]) =>
    weights.map(({ shape }) => shape.join('x')).join(' ');
  if (shapes(model.weights) !== shapes(checkpoint.weights))
    throw new InputError('Expected a checkpoint of this model, got one whose weights have other shapes');
  tf.tidy(() => {
    model.weights.forEach((weight, i) => {
      const { values, shape } = checkpoint.weights[i];
      weight.write(tf.tensor(values, shape));
    });
  });
  restoreOptimizer(model.optimizer, checkpoint.optimizer);
  for (const callback of callbacks) {
    const state = checkpoint.callbacks[callback.stateName];
    if (!state)
      throw new InputError(`Expected a checkpoint with the state of ${callback.stateName}, found none`);
    callback.setState(state);
  }
}
