import * as tf from '@tensorflow/tfjs';
import { normal, randomAt } from '@convlens/core';
import { readGraph } from '../model/model-graph.js';

/** A layer with trainable weights, and its name in the model. */
export interface TrainableLayer {
  readonly name: string;
  readonly layer: tf.layers.Layer;
}

/**
 * The layers with trainable weights, each once, from the output to the input. Frozen layers are made
 * trainable.
 */
export function trainableLayers(model: tf.LayersModel): TrainableLayer[] {
  const names = new Map<tf.layers.Layer, string>();
  for (const { layer, name } of readGraph(model).nodes) {
    layer.trainable = true;
    const nameWithoutUse = name.replace(/:\d+$/, '');
    if (layer.trainableWeights.length > 0 && !names.has(layer)) names.set(layer, nameWithoutUse);
  }
  return [...names].map(([layer, name]) => ({ layer, name })).reverse();
}

function write(variable: tf.LayerVariable, values: Float32Array): void {
  tf.tidy(() => void variable.write(tf.tensor(values, variable.shape as number[])));
}

/**
 * Replaces the trainable weights of a layer by random values from a normal distribution with the mean and the
 * standard deviation of each weight array, so that the scale of the layer output stays. The moving averages
 * of batch normalization are not changed. Returns a function that restores the weights.
 */
export async function randomizeLayer({ layer, name }: TrainableLayer, seed: number): Promise<() => void> {
  const restorers: (() => void)[] = [];
  for (const [k, variable] of layer.trainableWeights.entries()) {
    const trained = Float32Array.from(await variable.read().data());
    const mean = trained.reduce((sum, value) => sum + value, 0) / trained.length;
    const variance = trained.reduce((sum, value) => sum + (value - mean) ** 2, 0) / trained.length;
    const deviation = Math.sqrt(variance);
    const random = randomAt(seed, 'random-weights', name, k);
    const randomized = trained.map(() => mean + deviation * normal(random));
    write(variable, randomized);
    restorers.push(() => write(variable, trained));
  }
  return () => restorers.forEach((restore) => restore());
}
