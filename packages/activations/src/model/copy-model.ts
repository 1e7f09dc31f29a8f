import * as tf from '@tensorflow/tfjs';
import { completeTopology, InputError, weightPaths } from '@convlens/core';
import { expectLayersModel } from '../graph-model/expect-layers-model.js';
import { readGraph } from './model-graph.js';

/**
 * A model with the same layers and weights, to be disposed by the caller.
 *
 * @throws InputError if a layer class is not registered with tf.serialization.registerClass.
 */
export async function copyModel(model: tf.LayersModel): Promise<tf.LayersModel> {
  expectLayersModel(readGraph(model).nodes, 'changed weights');
  let copy: tf.LayersModel;
  try {
    const topology = completeTopology(model, model.toJSON(null, false) as object);
    copy = await tf.models.modelFromJSON(topology as never);
  } catch (error) {
    throw new InputError(
      `Expected a model with registered layer classes (tf.serialization.registerClass), to copy it, ` +
        `got: ${(error as Error).message}`,
    );
  }
  // By name: the order of getWeights depends on which layers are frozen, and the copy of a frozen model is not.
  const weights = new Map(weightPaths(model).map(({ name, weight }) => [name, weight]));
  for (const { name, weight } of weightPaths(copy))
    (weight.read() as tf.Variable).assign(weights.get(name)!.read());
  return copy;
}
