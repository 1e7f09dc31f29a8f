import type * as tf from '@tensorflow/tfjs';
import { InputError, type Evaluation, type Images } from '@convlens/core';
import { expectLabels } from './labels.js';
import { observe, type Observer } from './observe.js';
import { highestOf } from './scores.js';
import type { ReadOptions } from './subject.js';

/** Keeps the logarithm finite; no larger, so that the loss is the one that `fit` of @convlens/training measures. */
const SMALLEST = 2 ** -126;

/** Compares what the model says with the labels. */
export function observeEvaluation(): Observer<Evaluation> {
  return {
    probabilities: true,
    begin({ images, classes }) {
      const labels = expectLabels(images);
      const { name, count, classNames } = images;
      if (classes !== classNames.length)
        throw new InputError(
          `Expected a model for the ${classNames.length} classes of the images, got one for ${classes}`,
        );
      const counts = new Uint32Array(classes * classes);
      let loss = 0;
      let right = 0;
      return {
        add({ start, probabilities }) {
          for (const [i, predicted] of highestOf(probabilities, classes).entries()) {
            const label = labels[start + i];
            const probability = probabilities[i * classes + label];
            loss -= Math.log(Math.max(SMALLEST, probability));
            if (predicted === label) right++;
            counts[label * classes + predicted]++;
          }
        },
        finish: () => ({
          name,
          count,
          loss: loss / count,
          accuracy: right / count,
          confusion: { classNames, counts },
        }),
      };
    },
  };
}

/**
 * How good a model is on labelled images: mean cross-entropy, accuracy and confusion matrix. NaN where there are no images.
 */
export async function evaluateModel(
  model: tf.LayersModel,
  images: Images,
  options: ReadOptions = {},
): Promise<Evaluation> {
  const [result] = await observe(model, images, { ...options, observers: [observeEvaluation()] });
  return result;
}
