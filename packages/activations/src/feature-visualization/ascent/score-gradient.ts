import * as tf from '@tensorflow/tfjs';
import { randomAt } from '@convlens/core';
import { gradientOf } from '../../gradients/gradient.js';
import { isPenalty, penaltyOf } from '../regularizers/regularizer.js';
import { sampleTransformation } from '../transformations/transformation.js';
import type { AscentSettings } from './ascent.js';
import type { ImageScorer } from './image-scorer.js';
import { redirectReluGradient } from './redirect-relu-gradient.js';

/** The number of steps, as in Lucid, in which the ReLU gradient is redirected for all images. */
const REDIRECT_STEPS = 16;

/** 1 for each image with a redirected ReLU gradient, else 0; undefined if there is none. */
function redirectedImages(previousScores: Float32Array, step: number): tf.Tensor1D | undefined {
  const isRedirected = previousScores.map((score) => Number(step <= REDIRECT_STEPS || score === 0));
  return isRedirected.some(Boolean) ? tf.tensor1d(isRedirected) : undefined;
}

export interface AscentStep {
  readonly scorer: ImageScorer;
  readonly settings: AscentSettings;
  /** The scores of the step before. */
  readonly previousScores: Float32Array;
  /** The step, from 1. */
  readonly step: number;
}

/**
 * The scores of transformed images, and the gradient of scores minus penalties with respect to the pixels:
 * new tensors.
 *
 * @param pixels count x height x width x channels, on the scale 0..1
 */
export function scoreGradient(
  pixels: tf.Tensor4D,
  { scorer, settings, previousScores, step }: AscentStep,
): { scores: tf.Tensor1D; gradient: tf.Tensor4D } {
  const { transformations, regularizers, origin, seed } = settings;
  const transforms = transformations.map((transformation, i) =>
    sampleTransformation(transformation, randomAt(seed, 'optimize-images', step, i)),
  );
  const penalties = regularizers.filter(isPenalty);
  const redirected = redirectedImages(previousScores, step);
  const hook = redirected && redirectReluGradient(redirected);
  let scores: tf.Tensor1D | undefined;
  const regularizedScore = (x: tf.Tensor4D) => {
    const transformed = transforms.reduce((y, transform) => transform(y), x);
    const objectives = scorer.scoresOf(transformed, { hook, gradient: true });
    scores = tf.keep(objectives.clone());
    const costs = penalties.map((penalty) => tf.mul(penaltyOf(x, penalty, origin / 255), penalty.weight));
    return tf.sum<tf.Scalar>(costs.reduce<tf.Tensor>((sum, cost) => tf.sub(sum, cost), objectives));
  };
  try {
    const gradient = gradientOf(regularizedScore, pixels);
    return { scores: scores!, gradient };
  } catch (error) {
    scores?.dispose();
    throw error;
  } finally {
    redirected?.dispose();
  }
}
