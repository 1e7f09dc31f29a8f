import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';

/** A model of the same layers and weights, to be disposed by the caller. Layer classes of one's own must be registered. */
export async function copyModel(model: tf.LayersModel): Promise<tf.LayersModel> {
  let copy: tf.LayersModel;
  try {
    copy = await tf.models.modelFromJSON(model.toJSON(null, false) as never);
  } catch (error) {
    throw new InputError(
      `Expected a model that can be copied, whose layer classes are registered (tf.serialization.registerClass): ${(error as Error).message}`,
    );
  }
  copy.setWeights(model.getWeights());
  return copy;
}
