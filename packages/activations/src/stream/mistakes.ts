import type * as tf from '@tensorflow/tfjs';
import { expectInteger, type Images, type Mistakes } from '@convlens/core';
import { expectLabels, expectSameClasses } from './labels.js';
import { observe, type Observer } from './observe.js';
import { mergeRanked, rank } from './ranking.js';
import { expectSameKind } from './same-kind.js';
import { highestOf } from '../model/scores.js';
import type { ReadOptions } from '../model/subject.js';

export interface MistakeOptions {
  /** How many mistakes to keep; default 20, an integer >= 1. */
  count?: number;
}

type Mistake = Mistakes['entries'][number];

const scoreOf = ({ confidence }: Mistake) => confidence;

/** Keeps the mistakes that the model is surest of. */
export function observeMistakes({ count = 20 }: MistakeOptions = {}): Observer<Mistakes> {
  const limit = expectInteger('count', count, { min: 1 });
  return {
    probabilities: true,
    begin({ images, classes, indexOf }) {
      const labels = expectLabels(images);
      const { name, classNames } = images;
      expectSameClasses(images, classes);
      const entries: Mistake[] = [];
      let wrong = 0;
      return {
        add({ start, probabilities }) {
          for (const [i, predicted] of highestOf(probabilities, classes).entries()) {
            const label = labels[start + i];
            if (predicted === label) continue;
            wrong++;
            const own = probabilities.slice(i * classes, (i + 1) * classes);
            const index = indexOf(start + i);
            const mistake = { index, label, predicted, confidence: own[predicted], probabilities: own };
            rank(entries, mistake, { limit, scoreOf });
          }
        },
        finish: () => ({ name, classNames, count: images.count, wrong, limit, entries }),
      };
    },
  };
}

export interface MistakesOptions extends MistakeOptions, ReadOptions {}

/** The mistakes that a model is surest of, highest confidence first, and how many there are in all. */
export async function mistakes(
  model: tf.LayersModel,
  images: Images,
  { count, ...options }: MistakesOptions = {},
): Promise<Mistakes> {
  const [result] = await observe(model, images, { ...options, observers: [observeMistakes({ count })] });
  return result;
}

/** The surest mistakes of two parts of a data set as one record, exactly that of the whole; of as many classes. */
export function mergeMistakes(a: Mistakes, b: Mistakes): Mistakes {
  expectSameKind(
    'mistakes among the same classes',
    [a, b],
    ({ limit, classNames }) => `the surest ${limit} among ${classNames.join(', ')}`,
  );
  return {
    ...a,
    count: a.count + b.count,
    wrong: a.wrong + b.wrong,
    entries: mergeRanked(a.entries, b.entries, { limit: a.limit, scoreOf }),
  };
}
