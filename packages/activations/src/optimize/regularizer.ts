import { expectInteger, expectNumber, expectOneOf, InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { blur } from './blur.js';
import { clipContribution, clipNorm } from './clip.js';
import { decay } from './decay.js';
import { lpPenalty } from './lp-penalty.js';
import { totalVariation } from './total-variation.js';

/** What is taken from the score, times `weight`: a mean over the numbers of an image on the scale 0..1. */
export type Penalty =
  /** The differences of neighbours (Rudin, Osher, Fatemi 1992; Mahendran and Vedaldi 2015, with beta 1). */
  | { readonly kind: 'total-variation'; readonly weight: number }
  /** |pixel - origin|^p; p >= 1 (Mahendran and Vedaldi 2015: p = 6). */
  | { readonly kind: 'lp'; readonly p: number; readonly weight: number };

/** What is done to the image after every step, or after every so many; Yosinski et al. 2015. */
export type Correction =
  /** Takes away that share of what lies between the image and the origin, 0 to 1. */
  | { readonly kind: 'decay'; readonly rate: number; readonly every?: number }
  /** Blurs with a Gaussian kernel of size x size pixels, size odd; its deviation is 0.15 size + 0.35 (OpenCV). */
  | { readonly kind: 'blur'; readonly size: number; readonly every?: number }
  /** Sets the pixels to the origin that lie nearest to it: `percent` of them. */
  | { readonly kind: 'clip-norm'; readonly percent: number; readonly every?: number }
  /** Sets the pixels to the origin whose setting costs least, by the gradient: `percent` of them. */
  | { readonly kind: 'clip-contribution'; readonly percent: number; readonly every?: number };

export type Regularizer = Penalty | Correction;

const KINDS = ['total-variation', 'lp', 'decay', 'blur', 'clip-norm', 'clip-contribution'] as const;

export const isPenalty = (regularizer: Regularizer): regularizer is Penalty =>
  regularizer.kind === 'total-variation' || regularizer.kind === 'lp';

/** Throws an InputError that names what does not fit. */
export function expectRegularizers(regularizers: readonly Regularizer[]): void {
  for (const regularizer of regularizers) {
    const { kind } = regularizer;
    expectOneOf('the kind of a regularizer', kind, KINDS);
    if (isPenalty(regularizer)) {
      expectNumber(`${kind}.weight`, regularizer.weight, { min: 0 });
      if (regularizer.kind === 'lp') expectNumber('lp.p', regularizer.p, { min: 1 });
      continue;
    }
    expectInteger(`${kind}.every`, regularizer.every ?? 1, { min: 1 });
    if (regularizer.kind === 'decay') expectNumber('decay.rate', regularizer.rate, { min: 0, max: 1 });
    if (regularizer.kind === 'blur' && expectInteger('blur.size', regularizer.size, { min: 1 }) % 2 === 0)
      throw new InputError(`Expected blur.size to be odd, got ${regularizer.size}`);
    if ('percent' in regularizer) expectNumber(`${kind}.percent`, regularizer.percent, { min: 0, max: 100 });
  }
}

/** The penalty of each image; differentiable. */
export function penaltyOf(image: tf.Tensor4D, penalty: Penalty, origin: number): tf.Tensor1D {
  return penalty.kind === 'lp' ? lpPenalty(image, { p: penalty.p, origin }) : totalVariation(image);
}

/** A step that was made. */
export interface Corrected {
  /** Not to be disposed. */
  readonly image: tf.Tensor4D;
  /** Of the scores, with respect to the image, where the step began. */
  readonly gradient: tf.Tensor4D;
  /** The level that stands for nothing, on the scale 0..1. */
  readonly origin: number;
}

/** The images as a correction leaves them: a new tensor. */
export async function correct(correction: Correction, step: Corrected): Promise<tf.Tensor4D> {
  switch (correction.kind) {
    case 'decay':
      return decay(step, correction);
    case 'blur':
      return blur(step.image, correction);
    case 'clip-norm':
      return clipNorm(step, correction);
    case 'clip-contribution':
      return clipContribution(step, correction);
  }
}
