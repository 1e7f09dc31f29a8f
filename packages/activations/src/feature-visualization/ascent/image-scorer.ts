import * as tf from '@tensorflow/tfjs';
import { preprocessLevel, swapChannelOrder } from '../../model/model-input.js';
import { runGraph, type RunOptions } from '../../model/run-graph.js';
import { runScores } from '../../model/scores.js';
import { logOdds } from '../objectives/log-odds.js';
import { CLASS_SCORES } from '../objectives/objective.js';
import { createObjectiveScorer } from '../objectives/objective-scorer.js';
import type { Ascent } from './ascent.js';

/** Computes the objectives of images. */
export interface ImageScorer {
  /**
   * One score per image. Differentiable.
   *
   * @param pixels count x height x width x channels, on the scale 0..1
   */
  scoresOf(pixels: tf.Tensor4D, options: RunOptions): tf.Tensor1D;
  dispose(): void;
}

/** The scorer of an ascent. The caller disposes it. */
export function createImageScorer({ modelInput, otherInputs, objectives, settings }: Ascent): ImageScorer {
  const { graph } = modelInput;
  const scorer = createObjectiveScorer(objectives);
  // Preprocessing is affine in each channel, so two levels determine it.
  const [black, white] = [0, 255].map((level) => preprocessLevel(modelInput, level));
  const slope = tf.tensor1d(white.map((value, c) => value - black[c]));
  const offset = tf.tensor1d(black);
  const values = scorer.sources.filter((source) => source !== CLASS_SCORES);

  const runSources = (x: tf.Tensor, options: RunOptions): tf.Tensor[] => {
    if (!scorer.sources.includes(CLASS_SCORES)) return runGraph(graph, [x], values, options);
    const score = settings.score === 'probability' ? 'probability' : 'logit';
    const [scores, ...outputs] = runScores(graph, x, { ...options, score, wanted: values });
    const classScores = settings.score === 'margin' ? logOdds(graph, scores) : scores;
    return scorer.sources.map((source) =>
      source === CLASS_SCORES ? classScores : outputs[values.indexOf(source)],
    );
  };
  return {
    scoresOf: (pixels, options) => {
      const x = tf.add(tf.mul(swapChannelOrder(modelInput, pixels), slope), offset);
      return scorer.scoresOf(runSources(x, { ...options, replace: otherInputs }));
    },
    dispose: () => [slope, offset, scorer].forEach((resource) => resource.dispose()),
  };
}
