import type * as tf from '@tensorflow/tfjs';
import type { Images, Prediction } from '@convlens/core';
import { observe, type Observer } from './observe.js';
import { highestOf } from '../model/scores.js';
import type { ReadOptions } from '../model/subject.js';

/** Keeps what the model says of each image. */
export function observePredictions(): Observer<Prediction[]> {
  return {
    probabilities: true,
    begin({ images, classes, indexOf }) {
      const predictions: Prediction[] = [];
      return {
        add({ start, probabilities }) {
          for (const [i, predicted] of highestOf(probabilities, classes).entries()) {
            const own = probabilities.slice(i * classes, (i + 1) * classes);
            const position = start + i;
            predictions.push({
              index: indexOf(position),
              ...(images.labels && { label: images.labels[position] }),
              predicted,
              confidence: own[predicted],
              probabilities: own,
            });
          }
        },
        finish: () => predictions,
      };
    },
  };
}

/** What a model says of each image, in the order of the images. */
export async function predictions(
  model: tf.LayersModel,
  images: Images,
  options: ReadOptions = {},
): Promise<Prediction[]> {
  const [result] = await observe(model, images, { ...options, observers: [observePredictions()] });
  return result;
}
