import {
  expectInteger,
  expectNumber,
  expectOneOf,
  expectOptions,
  InputError,
  type OptionNames,
} from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { blur } from './blur.js';
import { clipContribution, clipNorm } from './clip.js';
import type { CorrectionInput } from './correction-input.js';
import { decay } from './decay.js';
import { lpPenalty } from './lp-penalty.js';
import { totalVariation } from './total-variation.js';

/**
 * A term that is subtracted from the score, times `weight`: a mean over the values of an image on the scale
 * 0..1.
 */
export type Penalty =
  /** The differences of neighbors (Rudin, Osher, Fatemi, 1992; Mahendran and Vedaldi, 2015, with beta 1). */
  | { readonly kind: 'total-variation'; readonly weight: number }
  /** |value - origin|^p; p >= 1 (Mahendran and Vedaldi, 2015: p = 6). */
  | { readonly kind: 'lp'; readonly p: number; readonly weight: number };

/** A change of the image after every step, or after every `every` steps (Yosinski et al., 2015). */
export type Correction =
  /** Moves each pixel toward the origin by the fraction `rate` of its distance, 0 to 1. */
  | { readonly kind: 'decay'; readonly rate: number; readonly every?: number }
  /**
   * Blurs with a Gaussian kernel of size x size pixels; `size` is odd. Standard deviation 0.15 size + 0.35
   * (OpenCV).
   */
  | { readonly kind: 'blur'; readonly size: number; readonly every?: number }
  /** Sets pixels to the origin: the `percent` percent that are nearest to it. */
  | { readonly kind: 'clip-norm'; readonly percent: number; readonly every?: number }
  /** Sets pixels to the origin: the `percent` percent that contribute least to the score, by the gradient. */
  | { readonly kind: 'clip-contribution'; readonly percent: number; readonly every?: number };

export type Regularizer = Penalty | Correction;

type KindOf<T extends Regularizer, Kind> = Extract<T, { kind: Kind }>;

interface PenaltyKind<T extends Penalty> {
  readonly names: OptionNames<T>;
  check(penalty: T): void;
  compute(image: tf.Tensor4D, penalty: T, origin: number): tf.Tensor1D;
}

interface CorrectionKind<T extends Correction> {
  readonly names: OptionNames<T>;
  check(correction: T): void;
  apply(input: CorrectionInput, correction: T): tf.Tensor4D | Promise<tf.Tensor4D>;
}

const PENALTIES: { readonly [Kind in Penalty['kind']]: PenaltyKind<KindOf<Penalty, Kind>> } = {
  'total-variation': {
    names: { kind: true, weight: true },
    check: () => {},
    compute: (image) => totalVariation(image),
  },
  lp: {
    names: { kind: true, weight: true, p: true },
    check: ({ p }) => expectNumber('lp.p', p, { min: 1 }),
    compute: (image, { p }, origin) => lpPenalty(image, { p, origin }),
  },
};

function expectOddSize(size: number): void {
  if (expectInteger('blur.size', size, { min: 1 }) % 2 === 0)
    throw new InputError(`Expected blur.size to be odd, got ${size}`);
}

const expectPercent = ({ kind, percent }: { kind: string; percent: number }) =>
  expectNumber(`${kind}.percent`, percent, { min: 0, max: 100 });

const CORRECTIONS: { readonly [Kind in Correction['kind']]: CorrectionKind<KindOf<Correction, Kind>> } = {
  decay: {
    names: { kind: true, every: true, rate: true },
    check: ({ rate }) => expectNumber('decay.rate', rate, { min: 0, max: 1 }),
    apply: decay,
  },
  blur: {
    names: { kind: true, every: true, size: true },
    check: ({ size }) => expectOddSize(size),
    apply: ({ image }, correction) => blur(image, correction),
  },
  'clip-norm': {
    names: { kind: true, every: true, percent: true },
    check: expectPercent,
    apply: clipNorm,
  },
  'clip-contribution': {
    names: { kind: true, every: true, percent: true },
    check: expectPercent,
    apply: clipContribution,
  },
};

const penaltyKind = ({ kind }: Penalty) => PENALTIES[kind] as PenaltyKind<Penalty>;
const correctionKind = ({ kind }: Correction) => CORRECTIONS[kind] as CorrectionKind<Correction>;

export const isPenalty = (regularizer: Regularizer): regularizer is Penalty =>
  Object.hasOwn(PENALTIES, regularizer.kind);

function expectPenalty(penalty: Penalty): void {
  const { names, check } = penaltyKind(penalty);
  expectOptions(`the ${penalty.kind} penalty`, penalty, names);
  expectNumber(`${penalty.kind}.weight`, penalty.weight, { min: 0 });
  check(penalty);
}

function expectCorrection(correction: Correction): void {
  const { names, check } = correctionKind(correction);
  expectOptions(`the ${correction.kind} correction`, correction, names);
  expectInteger(`${correction.kind}.every`, correction.every ?? 1, { min: 1 });
  check(correction);
}

/** Throws an InputError if a regularizer has an unknown kind or option, or a number out of range. */
export function expectRegularizers(regularizers: readonly Regularizer[]): void {
  for (const regularizer of regularizers) {
    expectOneOf('the kind of a regularizer', regularizer.kind, [
      ...Object.keys(PENALTIES),
      ...Object.keys(CORRECTIONS),
    ]);
    if (isPenalty(regularizer)) expectPenalty(regularizer);
    else expectCorrection(regularizer);
  }
}

/**
 * The penalty of each image, without its weight. Differentiable.
 *
 * @param image count x height x width x channels, on the scale 0..1
 * @param origin on the scale 0..1
 */
export const penaltyOf = (image: tf.Tensor4D, penalty: Penalty, origin: number): tf.Tensor1D =>
  penaltyKind(penalty).compute(image, penalty, origin);

/** The corrected images: a new tensor. */
export async function applyCorrection(correction: Correction, input: CorrectionInput): Promise<tf.Tensor4D> {
  return correctionKind(correction).apply(input, correction);
}
