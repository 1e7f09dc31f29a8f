import {
  expectInteger,
  expectNumber,
  expectOneOf,
  expectOptions,
  type OptionNames,
  type Random,
} from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { roll } from './roll.js';
import { warp } from './warp.js';

/** A small random change of the image before the model reads it, sampled anew at every step. */
export type Transformation =
  /**
   * Shifts by up to `pixels` pixels along each axis, an integer; what leaves on one side enters on the other.
   */
  | { readonly kind: 'jitter'; readonly pixels: number }
  /** Rotates about the center by up to `degrees` in either direction, 0 to 45. */
  | { readonly kind: 'rotation'; readonly degrees: number }
  /** Scales about the center by 1 - factor to 1 + factor; 0 to 0.5. */
  | { readonly kind: 'scale'; readonly factor: number };

/** A transformation with its sampled parameters, the same for all images of a batch. Differentiable. */
export type SampledTransformation = (x: tf.Tensor4D) => tf.Tensor4D;

interface TransformationKind<T extends Transformation> {
  readonly names: OptionNames<T>;
  check(transformation: T): void;
  sample(transformation: T, random: Random): SampledTransformation;
}

/** A random number from -limit to limit. */
const symmetric = (limit: number, random: Random) => limit * (2 * random() - 1);

/** A random integer from -limit to limit. */
const symmetricInteger = (limit: number, random: Random) => Math.floor((2 * limit + 1) * random()) - limit;

type Transform<Options> = (x: tf.Tensor4D, options: Options) => tf.Tensor4D;

const sampled =
  <Options>(transform: Transform<Options>, options: Options): SampledTransformation =>
  (x) =>
    transform(x, options);

const TRANSFORMATIONS: {
  readonly [Kind in Transformation['kind']]: TransformationKind<Extract<Transformation, { kind: Kind }>>;
} = {
  jitter: {
    names: { kind: true, pixels: true },
    check: ({ pixels }) => expectInteger('jitter.pixels', pixels),
    sample: ({ pixels }, random) =>
      sampled(roll, { rows: symmetricInteger(pixels, random), columns: symmetricInteger(pixels, random) }),
  },
  rotation: {
    names: { kind: true, degrees: true },
    check: ({ degrees }) => expectNumber('rotation.degrees', degrees, { min: 0, max: 45 }),
    sample: ({ degrees }, random) => sampled(warp, { degrees: symmetric(degrees, random) }),
  },
  scale: {
    names: { kind: true, factor: true },
    check: ({ factor }) => expectNumber('scale.factor', factor, { min: 0, max: 0.5 }),
    sample: ({ factor }, random) => sampled(warp, { scale: 1 + symmetric(factor, random) }),
  },
};

const kindOf = ({ kind }: Transformation) => TRANSFORMATIONS[kind] as TransformationKind<Transformation>;

/** Throws an InputError if a transformation has an unknown kind or option, or a number out of range. */
export function expectTransformations(transformations: readonly Transformation[]): void {
  for (const transformation of transformations) {
    expectOneOf('the kind of a transformation', transformation.kind, Object.keys(TRANSFORMATIONS));
    const { names, check } = kindOf(transformation);
    expectOptions(`the ${transformation.kind} transformation`, transformation, names);
    check(transformation);
  }
}

/** Samples the parameters of a transformation. */
export const sampleTransformation = (transformation: Transformation, random: Random): SampledTransformation =>
  kindOf(transformation).sample(transformation, random);
