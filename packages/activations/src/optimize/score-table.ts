import type { OptimizedImage, ScoreTable } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { expectClassifier, runScores, type Score } from '../model/scores.js';
import { forEachBatch, openSubject, type ReadOptions } from '../model/subject.js';
import { gatherImages } from './gather-images.js';

export interface ScoreTableOptions extends ReadOptions {
  /** The classes' names; default class 0, class 1 ... */
  classNames?: readonly string[];
  /** 'logit' (default) or 'probability'. */
  score?: Score;
}

/**
 * What a model says of images that were made for it, class by class: for class maximization a table of classes x classes,
 * whose diagonal shows how well each was reached.
 */
export async function scoreTable(
  model: tf.LayersModel,
  optimized: readonly OptimizedImage[],
  { classNames, score = 'logit', batchSize = 64, ...options }: ScoreTableOptions = {},
): Promise<ScoreTable> {
  const subject = openSubject(model, gatherImages(optimized), options);
  const classes = expectClassifier(subject.plan);
  const values = new Float32Array(optimized.length * classes);
  await forEachBatch(subject, { batchSize, ...options }, async (x, start, others) => {
    const [scores] = runScores(subject.plan, x, { score, replace: others });
    try {
      values.set(await scores.data(), start * classes);
    } finally {
      scores.dispose();
    }
  });
  return {
    score,
    names: optimized.map(({ name }) => name),
    classNames: Array.from({ length: classes }, (_, c) => classNames?.[c] ?? `class ${c}`),
    values,
  };
}
