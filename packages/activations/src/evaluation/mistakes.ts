import type * as tf from '@tensorflow/tfjs';
import {
  expectRecords,
  expectInteger,
  expectOptions,
  type Images,
  type Mistakes,
  type OptionNames,
} from '@convlens/core';
import { INFERENCE_OPTIONS, type InferenceOptions } from '../model/inference-options.js';
import { argMaxRows } from '../model/scores.js';
import { expectMergeable } from '../observe/expect-mergeable.js';
import { expectLabels, expectSameClassCount } from '../observe/labels.js';
import { runObservers } from '../observe/observe.js';
import type { Observer } from '../observe/observer.js';
import { insertRanked, mergeRanked } from '../observe/ranking.js';

export interface ObserveMistakesOptions {
  /** The most mistakes to keep; default 20, an integer >= 1. */
  count?: number;
}

const OBSERVE_MISTAKES_OPTIONS: OptionNames<ObserveMistakesOptions> = { count: true };

type Mistake = Mistakes['entries'][number];

const scoreOf = ({ confidence }: Mistake) => confidence;

/** Keeps the mistakes of the highest confidence. The images must have labels. */
export function observeMistakes(options: ObserveMistakesOptions = {}): Observer<Mistakes> {
  expectOptions('observeMistakes', options, OBSERVE_MISTAKES_OPTIONS);
  const { count = 20 } = options;
  const limit = expectInteger('count', count, { min: 1 });
  return {
    probabilities: true,
    begin({ images, classes, indexOf }) {
      const labels = expectLabels(images);
      const { name, classNames } = images;
      expectSameClassCount(images, classes);
      const entries: Mistake[] = [];
      let wrong = 0;
      return {
        add({ start, probabilities }) {
          for (const [i, predicted] of argMaxRows(probabilities, classes).entries()) {
            const label = labels[start + i];
            if (predicted === label) continue;
            wrong++;
            const row = probabilities.slice(i * classes, (i + 1) * classes);
            const index = indexOf(start + i);
            const mistake = { index, label, predicted, confidence: row[predicted], probabilities: row };
            insertRanked(entries, mistake, { limit, scoreOf });
          }
        },
        finish: () => ({ name, classNames, count: images.count, wrong, limit, entries }),
      };
    },
  };
}

export interface MistakesOptions extends ObserveMistakesOptions, InferenceOptions {}

const MISTAKES_OPTIONS: OptionNames<MistakesOptions> = { ...INFERENCE_OPTIONS, ...OBSERVE_MISTAKES_OPTIONS };

/**
 * The misclassified images, highest confidence first, and their number.
 *
 * @throws InputError if the images have no labels, or the model has another number of classes.
 */
export async function mistakes(
  model: tf.LayersModel,
  images: Images,
  options: MistakesOptions = {},
): Promise<Mistakes> {
  expectOptions('mistakes', options, MISTAKES_OPTIONS);
  const { count, ...inference } = options;
  const [result] = await runObservers(model, images, {
    ...inference,
    observers: [observeMistakes({ count })],
  });
  return result;
}

/**
 * The mistakes of two parts of an image set as one record, exactly that of the whole set.
 *
 * @throws InputError unless they have the same classes and limit.
 */
export function mergeMistakes(a: Mistakes, b: Mistakes): Mistakes {
  expectRecords('Mistakes', 'records', [a, b]);
  expectMergeable(
    'mistakes of the same classes',
    [a, b],
    ({ limit, classNames }) => `the ${limit} most confident mistakes of ${classNames.join(', ')}`,
  );
  return {
    ...a,
    count: a.count + b.count,
    wrong: a.wrong + b.wrong,
    entries: mergeRanked(a.entries, b.entries, { limit: a.limit, scoreOf }),
  };
}
