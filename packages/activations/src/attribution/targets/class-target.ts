import * as tf from '@tensorflow/tfjs';
import { expectInteger, InputError } from '@convlens/core';
import type { ModelInput } from '../../model/model-input.js';
import { argMaxRows, expectScore, runScores, scoreSource, type Score } from '../../model/scores.js';
import type { ScoreReading } from '../../model/score-reading.js';
import { noClasses, type ResolvedTarget } from './target.js';

/** A class by index or name, 'predicted', 'label', or one class per image. */
export type ClassTarget = number | string | readonly number[];

/** Up to this many class names are listed in a message. */
const MAX_LISTED_CLASSES = 20;

function expectClassIndex(target: number, classNames: readonly string[], classCount: number): number {
  if (Number.isInteger(target) && target >= 0 && target < classCount) return target;
  const listed = classNames.length > 0 && classCount <= MAX_LISTED_CLASSES;
  const names = listed ? ` (${classNames.slice(0, classCount).join(', ')})` : '';
  throw new InputError(`Expected target to be an integer from 0 to ${classCount - 1}${names}, got ${target}`);
}

function expectClassName(target: string, classNames: readonly string[], classCount: number): number {
  const index = classNames.indexOf(target);
  if (index >= 0 && index < classCount) return index;
  const choices = ['predicted', 'label', ...classNames].join(', ');
  throw new InputError(`Expected target to be one of ${choices} or an index, got ${JSON.stringify(target)}`);
}

/** The class of each image; 'predicted' if the model determines it. */
function resolveClasses(
  { images }: ModelInput,
  target: ClassTarget,
  { classCount, units }: ScoreReading,
): 'predicted' | number[] {
  const { classNames, labels, count } = images;
  const max = classCount - 1;
  const sameForAll = (index: number) => new Array<number>(count).fill(index);
  if (typeof target === 'number') {
    const index = expectClassIndex(target, classNames, classCount);
    // The only unit scores the second class.
    return sameForAll(units === 1 ? 1 : index);
  }
  if (typeof target !== 'string') {
    if (target.length !== count)
      throw new InputError(`Expected target to hold ${count} classes, one per image, got ${target.length}`);
    return target.map((index, i) => expectInteger(`target[${i}]`, index, { max }));
  }
  if (target === 'predicted') return 'predicted';
  if (target === 'label') {
    if (!labels) throw new InputError('Expected images with labels for target "label", got none');
    return Array.from(labels, (label, i) => expectInteger(`labels[${i}]`, label, { max }));
  }
  return sameForAll(expectClassName(target, classNames, classCount));
}

export function resolveClassTarget(
  modelInput: ModelInput,
  score: Score,
  target: ClassTarget,
): ResolvedTarget {
  const { graph } = modelInput;
  const reading = expectScore(graph, score);
  if (reading.kind === 'values') return resolveValueTarget(modelInput, reading, target);
  const { classCount } = reading;
  const classesOfImages = resolveClasses(modelInput, target, reading);
  return {
    value: scoreSource(reading, score),
    async classesOf(x, start, options) {
      if (classesOfImages !== 'predicted') return classesOfImages.slice(start, start + x.shape[0]);
      const [scores] = runScores(graph, x, options);
      try {
        return argMaxRows(await scores.data(), classCount);
      } finally {
        scores.dispose();
      }
    },
    scoreOf(x, classes, options) {
      const [scores] = runScores(graph, x, { ...options, score });
      const rowClasses = Int32Array.from({ length: x.shape[0] }, (_, i) => classes[i % classes.length]);
      return tf.sum<tf.Tensor1D>(tf.mul(scores, tf.oneHot(tf.tensor1d(rowClasses, 'int32'), classCount)), 1);
    },
  };
}

/** The value that a model outputs, as a target: it has no classes. */
function resolveValueTarget(
  { graph }: ModelInput,
  { value, reason }: ScoreReading,
  target: ClassTarget,
): ResolvedTarget {
  if (target !== 'predicted' && target !== 0)
    throw new InputError(
      `Expected target to be 'predicted' or 0 for a model that outputs a value (${reason}), ` +
        `got ${JSON.stringify(target)}`,
    );
  return {
    name: `the value of ${graph.outputNames[0]}`,
    value,
    classesOf: noClasses,
    scoreOf: (x, _, options) => tf.squeeze<tf.Tensor1D>(runScores(graph, x, options)[0], [1]),
  };
}
