import {
  findSavedWeights,
  InputError,
  namedWeights,
  type NamedWeight,
  type ResumableCallback,
} from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { CHECKPOINT_VERSION, type Checkpoint } from './checkpoints.js';
import { captureOptimizer, restoreModelOptimizer } from './optimizer-state.js';

/** Everything that the rest of a run depends on. */
export async function captureCheckpoint(
  model: tf.LayersModel,
  callbacks: readonly ResumableCallback[],
  { history, stopped, position }: Pick<Checkpoint, 'history' | 'stopped' | 'position'>,
): Promise<Checkpoint> {
  const weights = namedWeights(model).map(async ({ name, weight }) => {
    const tensor = weight.read();
    return {
      name,
      shape: tensor.shape,
      values: (await tensor.data<'float32'>()).slice(),
    };
  });
  return {
    version: CHECKPOINT_VERSION,
    epochs: history.length,
    stopped,
    position,
    history,
    weights: await Promise.all(weights),
    optimizer: await captureOptimizer(model.optimizer, model),
    callbacks: Object.fromEntries(callbacks.map((callback) => [callback.stateName, callback.getState()])),
  };
}

/**
 * Restores a checkpoint on a model of the same architecture. Weights and the state of the optimizer are restored
 * by name, whichever layers are frozen.
 *
 * @throws InputError if the checkpoint does not fit the model, its optimizer or the callbacks.
 */
export function restoreCheckpoint(
  model: tf.LayersModel,
  callbacks: readonly ResumableCallback[],
  checkpoint: Checkpoint,
): void {
  const weights = matchWeights(model, checkpoint);
  for (const { stateName } of callbacks)
    if (!checkpoint.callbacks[stateName])
      throw new InputError(`Expected a checkpoint with the state of ${stateName}, found none`);
  const savedNames = new Map(weights.map(({ name, saved }) => [name, saved.name] as const));
  restoreModelOptimizer(model, checkpoint.optimizer, savedNames);
  tf.tidy(() => {
    for (const { weight, saved } of weights)
      // Not `write`, which changes the values by the constraint of the weight.
      (weight.read() as tf.Variable).assign(tf.tensor(saved.values, saved.shape));
  });
  for (const callback of callbacks) callback.setState(checkpoint.callbacks[callback.stateName]);
}

interface MatchedWeight extends NamedWeight<tf.LayerVariable> {
  readonly saved: Checkpoint['weights'][number];
}

/** The weights of the model with those of the checkpoint. */
function matchWeights(model: tf.LayersModel, { version = 1, weights }: Checkpoint): MatchedWeight[] {
  const named = version === 1 ? weightsInOrder(model) : namedWeights(model);
  const names = named.map(({ name }) => name);
  const savedNames = weights.map(({ name }) => name);
  // In version 1 the names of two weights can be equal: then they are in the order of the model.
  const isInOrder = names.join() === savedNames.join();
  const positions = isInOrder ? names.map((_, i) => i) : findSavedWeights('a checkpoint', savedNames, names);
  const matched = named.map((one, i) => ({ ...one, saved: weights[positions[i]] }));
  if (matched.some(({ weight, saved }) => weight.shape.join() !== saved.shape.join()))
    throw new InputError('Expected a checkpoint of this model, got one whose weights have other shapes');
  return matched;
}

const weightsInOrder = (model: tf.LayersModel): NamedWeight<tf.LayerVariable>[] =>
  model.weights.map((weight) => ({ name: weight.originalName, weight }));
