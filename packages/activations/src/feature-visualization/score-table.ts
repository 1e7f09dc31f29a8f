import {
  expectRecords,
  defaultClassNames,
  expectOneOf,
  expectOptions,
  type OptimizedImage,
  type OptionNames,
  type ScoreTable,
} from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { forEachBatch } from '../model/for-each-batch.js';
import { INFERENCE_OPTIONS, type InferenceOptions } from '../model/inference-options.js';
import { openModelInput } from '../model/model-input.js';
import { expectClassScores } from '../model/score-reading.js';
import { runScores, SCORES, type Score } from '../model/scores.js';
import { toImageSet } from './to-image-set.js';

export interface ScoreTableOptions extends InferenceOptions {
  /** The names of the model's classes; default class 0, class 1, ... */
  classNames?: readonly string[];
  /** 'logit' (default) or 'probability'. */
  score?: Score;
}

const SCORE_TABLE_OPTIONS: OptionNames<ScoreTableOptions> = {
  ...INFERENCE_OPTIONS,
  classNames: true,
  score: true,
};

/**
 * The class scores of optimized images. For one image per class the diagonal shows how well each objective
 * was reached. `batchSize` is 64 by default.
 *
 * @throws InputError unless the model outputs one score per class.
 */
export async function scoreTable(
  model: tf.LayersModel,
  optimized: readonly OptimizedImage[],
  options: ScoreTableOptions = {},
): Promise<ScoreTable> {
  expectOptions('scoreTable', options, SCORE_TABLE_OPTIONS);
  expectRecords('OptimizedImage', 'optimized', optimized);
  const { classNames = [], score = 'logit', batchSize = 64, ...inference } = options;
  expectOneOf('score', score, SCORES);
  const modelInput = openModelInput(model, toImageSet(optimized), inference);
  const { images, graph } = modelInput;
  const { classCount: classes } = expectClassScores(graph);
  const values = new Float32Array(images.count * classes);
  await forEachBatch(modelInput, { batchSize, ...inference }, async (x, start, otherInputs) => {
    const [scores] = runScores(graph, x, { score, replace: otherInputs });
    try {
      values.set(await scores.data(), start * classes);
    } finally {
      scores.dispose();
    }
  });
  return {
    score,
    names: Array.from(images.labels!, (label) => images.classNames[label]),
    classNames: defaultClassNames(classes).map((name, c) => classNames[c] ?? name),
    values,
  };
}
