import type * as tf from '@tensorflow/tfjs';
import { expectOptions, type Images, type Prediction } from '@convlens/core';
import { INFERENCE_OPTIONS, type InferenceOptions } from '../model/inference-options.js';
import { argMaxRows } from '../model/scores.js';
import { runObservers } from '../observe/observe.js';
import type { Observer } from '../observe/observer.js';

/** What the prediction of a value has in place of a class. */
const NO_CLASS = { predicted: -1, confidence: NaN, probabilities: new Float32Array() };

/** Collects the prediction of each image. */
export function observePredictions(): Observer<Prediction[]> {
  return {
    probabilities: true,
    acceptsValues: true,
    begin({ images, classes, indexOf }) {
      const predictions: Prediction[] = [];
      return {
        add({ start, probabilities, outputValues }) {
          for (const [i, value] of outputValues.entries())
            predictions.push({
              index: indexOf(start + i),
              ...(images.labels && { label: images.labels[start + i] }),
              ...NO_CLASS,
              values: Float32Array.of(value),
            });
          if (classes === 0) return;
          for (const [i, predicted] of argMaxRows(probabilities, classes).entries()) {
            const row = probabilities.slice(i * classes, (i + 1) * classes);
            const position = start + i;
            predictions.push({
              index: indexOf(position),
              ...(images.labels && { label: images.labels[position] }),
              predicted,
              confidence: row[predicted],
              probabilities: row,
            });
          }
        },
        finish: () => predictions,
      };
    },
  };
}

/**
 * The prediction of each image, in the order of the images: class, confidence and the probabilities of all
 * classes; of a model that outputs a value, such as an age, the value.
 *
 * @throws InputError unless the model outputs one score per class.
 */
export async function predictions(
  model: tf.LayersModel,
  images: Images,
  options: InferenceOptions = {},
): Promise<Prediction[]> {
  expectOptions('predictions', options, INFERENCE_OPTIONS);
  const [result] = await runObservers(model, images, { ...options, observers: [observePredictions()] });
  return result;
}
