import { InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';

/** What TensorFlow.js sets while its own `fit` or `fitDataset` runs, and refuses a second one by. */
interface TrainingFlag {
  isTraining?: boolean;
}

/**
 * Marks a model as being trained, for every `fit`: two at once would each compute steps from weights that the other
 * changes, with one optimizer.
 *
 * @returns a function that removes the mark.
 * @throws InputError if the model is being trained.
 */
export function markTraining(model: tf.LayersModel): () => void {
  // tf.Sequential trains a model of its own.
  const { model: trained = model } = model as { model?: tf.LayersModel };
  const flag = trained as unknown as TrainingFlag;
  if (flag.isTraining)
    throw new InputError(
      'Expected a model that no other fit trains, got one whose fit has not ended: await it, or train a second model',
    );
  flag.isTraining = true;
  return () => {
    flag.isTraining = false;
  };
}
