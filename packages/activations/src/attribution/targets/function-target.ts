import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import type { ModelInput } from '../../model/model-input.js';
import { expectScore, runScores, scoreSource, type Score } from '../../model/scores.js';
import { noClasses, type ResolvedTarget, type ScoreFunction } from './target.js';

export function resolveFunctionTarget({ graph }: ModelInput, score: Score, f: ScoreFunction): ResolvedTarget {
  const reading = expectScore(graph, score);
  return {
    name: f.name || 'a function of the scores',
    value: scoreSource(reading, score),
    classesOf: noClasses,
    scoreOf(x, _, options) {
      const [scores] = runScores(graph, x, { ...options, score });
      const result = f(scores);
      if (result instanceof tf.Tensor && result.rank === 1 && result.shape[0] === x.shape[0]) return result;
      const { shape } = (result ?? {}) as Partial<tf.Tensor>;
      throw new InputError(
        `Expected target to return one number per image (shape [${x.shape[0]}]), ` +
          `got ${shape ? `shape [${shape.join(', ')}]` : typeof result}`,
      );
    },
  };
}
