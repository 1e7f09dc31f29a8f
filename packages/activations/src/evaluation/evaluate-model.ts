import type * as tf from '@tensorflow/tfjs';
import {
  expectRecords,
  expectOptions,
  type ConfusionMatrix,
  type Evaluation,
  type Images,
} from '@convlens/core';
import { INFERENCE_OPTIONS, type InferenceOptions } from '../model/inference-options.js';
import { argMaxRows } from '../model/scores.js';
import { expectMergeable } from '../observe/expect-mergeable.js';
import { expectLabels, expectSameClassCount } from '../observe/labels.js';
import { runObservers } from '../observe/observe.js';
import type { Observer } from '../observe/observer.js';

/**
 * The lower bound of a probability in the loss: keeps the logarithm finite. `fit` of @convlens/training has
 * the same.
 */
export const MIN_PROBABILITY = 2 ** -126;

/** Measures loss, accuracy and confusion matrix. The images must have labels. */
export function observeEvaluation(): Observer<Evaluation> {
  return {
    probabilities: true,
    begin({ images, classes }) {
      const labels = expectLabels(images);
      const { name, count, classNames } = images;
      expectSameClassCount(images, classes);
      const counts = new Uint32Array(classes * classes);
      let loss = 0;
      let correct = 0;
      return {
        add({ start, probabilities }) {
          for (const [i, predicted] of argMaxRows(probabilities, classes).entries()) {
            const label = labels[start + i];
            const probability = probabilities[i * classes + label];
            loss -= Math.log(Math.max(MIN_PROBABILITY, probability));
            if (predicted === label) correct++;
            counts[label * classes + predicted]++;
          }
        },
        finish: () => ({
          name,
          count,
          loss: loss / count,
          accuracy: correct / count,
          confusion: { classNames, counts },
        }),
      };
    },
  };
}

/**
 * Mean cross-entropy, accuracy and confusion matrix of a model on labeled images. Loss and accuracy of no
 * images are NaN.
 *
 * @throws InputError if the images have no labels, or the model has another number of classes.
 */
export async function evaluateModel(
  model: tf.LayersModel,
  images: Images,
  options: InferenceOptions = {},
): Promise<Evaluation> {
  expectOptions('evaluateModel', options, INFERENCE_OPTIONS);
  const [evaluation] = await runObservers(model, images, { ...options, observers: [observeEvaluation()] });
  return evaluation;
}

/**
 * The sum of two confusion matrices.
 *
 * @throws InputError unless they have the same classes.
 */
export function mergeConfusionMatrices(a: ConfusionMatrix, b: ConfusionMatrix): ConfusionMatrix {
  expectRecords('ConfusionMatrix', 'records', [a, b]);
  expectMergeable('confusion matrices of the same classes', [a, b], ({ classNames }) =>
    classNames.join(', '),
  );
  return { ...a, counts: a.counts.map((count, i) => count + b.counts[i]) };
}

/** The summed loss of an evaluation. The mean loss of no images is NaN, but their sum is 0. */
const totalLoss = ({ count, loss }: Evaluation) => (count === 0 ? 0 : loss * count);

/**
 * The evaluation of two parts of an image set as one, under the name of `a`.
 *
 * @throws InputError unless they have the same classes.
 */
export function mergeEvaluations(a: Evaluation, b: Evaluation): Evaluation {
  expectRecords('Evaluation', 'records', [a, b]);
  const confusion = mergeConfusionMatrices(a.confusion, b.confusion);
  const classes = confusion.classNames.length;
  const count = a.count + b.count;
  const correct = confusion.classNames.reduce(
    (sum, _, label) => sum + confusion.counts[label * (classes + 1)],
    0,
  );
  const loss = (totalLoss(a) + totalLoss(b)) / count;
  return { ...a, count, loss, accuracy: correct / count, confusion };
}
