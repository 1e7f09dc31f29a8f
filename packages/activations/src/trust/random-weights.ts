import * as tf from '@tensorflow/tfjs';
import { normal, randomAt } from '@convlens/core';
import { planModel } from '../model/plan.js';

/** A layer with weights to learn, and its name in the model. */
export interface LearningLayer {
  readonly name: string;
  readonly layer: tf.layers.Layer;
}

/** The layers that have weights to learn, from the output to the input, each once; all are made trainable. */
export function learningLayers(model: tf.LayersModel): LearningLayer[] {
  const found = new Map<tf.layers.Layer, string>();
  for (const { layer, name } of planModel(model).steps) {
    layer.trainable = true;
    if (layer.trainableWeights.length > 0 && !found.has(layer)) found.set(layer, name.replace(/:\d+$/, ''));
  }
  return [...found].map(([layer, name]) => ({ layer, name })).reverse();
}

function write(variable: tf.LayerVariable, values: Float32Array): void {
  tf.tidy(() => void variable.write(tf.tensor(values, variable.shape as number[])));
}

/**
 * Draws each weight of a layer anew from the normal distribution of the mean and the deviation that the weight has, so that
 * what it learned is gone and its scale is not. Statistics that batch normalization gathered stay. Returns what undoes it.
 */
export async function randomizeLayer({ layer, name }: LearningLayer, seed: number): Promise<() => void> {
  const undo: (() => void)[] = [];
  for (const [k, variable] of layer.trainableWeights.entries()) {
    const learned = Float32Array.from(await variable.read().data());
    const mean = learned.reduce((sum, value) => sum + value, 0) / learned.length;
    const deviation = Math.sqrt(
      learned.reduce((sum, value) => sum + (value - mean) ** 2, 0) / learned.length,
    );
    const random = randomAt(seed, 'random-weights', name, k);
    write(
      variable,
      learned.map(() => mean + deviation * normal(random)),
    );
    undo.push(() => write(variable, learned));
  }
  return () => undo.forEach((each) => each());
}
