import type * as tf from '@tensorflow/tfjs';
import type { ConfusionMatrix, Evaluation, Images } from '@convlens/core';
import { expectLabels, expectSameClasses } from './labels.js';
import { observe, type Observer } from './observe.js';
import { expectSameKind } from './same-kind.js';
import { highestOf } from '../model/scores.js';
import type { ReadOptions } from '../model/subject.js';

/** Keeps the logarithm finite; no larger, so that the loss is the one that `fit` of @convlens/training measures. */
const SMALLEST = 2 ** -126;

/** Compares what the model says with the labels. */
export function observeEvaluation(): Observer<Evaluation> {
  return {
    probabilities: true,
    begin({ images, classes }) {
      const labels = expectLabels(images);
      const { name, count, classNames } = images;
      expectSameClasses(images, classes);
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

/** The confusion matrices of two parts of a data set as one; they must be of the same classes. */
export function mergeConfusion(a: ConfusionMatrix, b: ConfusionMatrix): ConfusionMatrix {
  expectSameKind('confusion matrices of the same classes', [a, b], ({ classNames }) => classNames.join(', '));
  return { ...a, counts: a.counts.map((count, i) => count + b.counts[i]) };
}

/** The evaluations of two parts of a data set as one; they must be of the same classes. It bears the name of `a`. */
export function mergeEvaluations(a: Evaluation, b: Evaluation): Evaluation {
  const confusion = mergeConfusion(a.confusion, b.confusion);
  const classes = confusion.classNames.length;
  const count = a.count + b.count;
  const right = confusion.counts.reduce((sum, n, i) => (i % (classes + 1) === 0 ? sum + n : sum), 0);
  // The loss of no images is NaN, which must not spoil the other part's.
  const lossOf = (part: Evaluation) => (part.count === 0 ? 0 : part.loss * part.count);
  return { ...a, count, loss: (lossOf(a) + lossOf(b)) / count, accuracy: right / count, confusion };
}
