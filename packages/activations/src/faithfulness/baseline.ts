import * as tf from '@tensorflow/tfjs';
import { expectNumber, expectOneOf } from '@convlens/core';
import type { ExplainBatch } from '../attribution/explain-session.js';
import { preprocessLevel } from '../model/model-input.js';
import { gaussianBlur } from './gaussian-blur.js';

const BASELINE_KINDS = ['mean', 'blur'] as const;

/**
 * The image that replaces the pixels: the 'mean' color of each image, its 'blur', or a level from 0 to 255.
 */
export type Baseline = (typeof BASELINE_KINDS)[number] | number;

/** Throws an InputError unless the baseline is one of the kinds, or a level from 0 to 255. */
export function expectBaseline(baseline: Baseline): void {
  if (typeof baseline === 'number') expectNumber('baseline', baseline, { min: 0, max: 255 });
  else expectOneOf('baseline', baseline, BASELINE_KINDS);
}

/** The baselines of a batch of images: a new tensor of the shape of `x`. */
export async function baselineImages(
  { x, modelInput }: ExplainBatch,
  baseline: Baseline,
): Promise<tf.Tensor4D> {
  const [, height, width, channels] = x.shape;
  if (baseline === 'blur')
    return tf.tensor4d(gaussianBlur((await x.data()) as Float32Array, { height, width, channels }), x.shape);
  return tf.tidy(() => {
    const color =
      baseline === 'mean' ? tf.mean(x, [1, 2], true) : tf.tensor1d(preprocessLevel(modelInput, baseline));
    return tf.add<tf.Tensor4D>(tf.zerosLike(x), color);
  });
}
