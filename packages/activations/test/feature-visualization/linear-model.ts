import * as tf from '@tensorflow/tfjs';
import { IDENTITY, type ImageObjective } from '@convlens/core';
import { randomize } from '../models.js';

export const classNames = ['cat', 'dog', 'frog'];

export const classObjectives: ImageObjective[] = classNames.map((name) => ({ kind: 'class', class: name }));

/** Three classes, each a weighted sum of the pixels. */
export const linearModel = () =>
  randomize(
    tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [4, 5, 2] }), tf.layers.dense({ name: 'scores', units: 3 })],
    }),
  );

/** The weights of a class, one per value of the image. */
export function weightsOf(model: tf.LayersModel, unit: number): Float32Array {
  const weights = model.getWeights()[0].dataSync();
  return Float32Array.from({ length: 40 }, (_, i) => weights[i * 3 + unit]);
}

export const rootMeanSquare = (values: Float32Array) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

/** A start that makes the pixels those of the steps alone. */
export const fromZeros = { start: 'zeros', preprocessing: IDENTITY } as const;
