import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';

/**
 * A model with the same layers and weights, to be disposed by the caller.
 *
 * @throws InputError if a layer class is not registered with tf.serialization.registerClass.
 */
export async function copyModel(model: tf.LayersModel): Promise<tf.LayersModel> {
  let copy: tf.LayersModel;
  try {
    copy = await tf.models.modelFromJSON(model.toJSON(null, false) as never);
  } catch (error) {
    throw new InputError(
      `Expected a model with registered layer classes (tf.serialization.registerClass), to copy it, ` +
        `got: ${(error as Error).message}`,
    );
  }
  copy.setWeights(model.getWeights());
  return copy;
}
