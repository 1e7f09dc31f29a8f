import { expectInteger, expectNumber, expectOneOf, type Random } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { roll } from './roll.js';
import { warp } from './warp.js';

/** A small change of the image that is drawn anew at every step, so that what is made does not depend on it. */
export type Transformation =
  /** Shifts by up to so many pixels each way; what leaves on one side enters on the other. */
  | { readonly kind: 'jitter'; readonly pixels: number }
  /** Turns about the centre by up to so many degrees, 0 to 45, either way. */
  | { readonly kind: 'rotation'; readonly degrees: number }
  /** Magnifies about the centre by 1 - by to 1 + by; 0 to 0.5. */
  | { readonly kind: 'scale'; readonly by: number };

/** Changes images, all of them alike; can be differentiated. */
export type Change = (x: tf.Tensor4D) => tf.Tensor4D;

const KINDS = ['jitter', 'rotation', 'scale'] as const;

/** Throws an InputError that names what does not fit. */
export function expectTransformations(transformations: readonly Transformation[]): void {
  for (const transformation of transformations) {
    expectOneOf('the kind of a transformation', transformation.kind, KINDS);
    if (transformation.kind === 'jitter') expectInteger('jitter.pixels', transformation.pixels);
    if (transformation.kind === 'rotation')
      expectNumber('rotation.degrees', transformation.degrees, { min: 0, max: 45 });
    if (transformation.kind === 'scale') expectNumber('scale.by', transformation.by, { min: 0, max: 0.5 });
  }
}

/** Draws how much a step shifts, turns or scales. */
export function drawChange(transformation: Transformation, random: Random): Change {
  const between = (reach: number) => reach * (2 * random() - 1);
  switch (transformation.kind) {
    case 'jitter': {
      const steps = () => Math.floor((2 * transformation.pixels + 1) * random()) - transformation.pixels;
      const [rows, columns] = [steps(), steps()];
      return (x) => roll(x, { rows, columns });
    }
    case 'rotation': {
      const degrees = between(transformation.degrees);
      return (x) => warp(x, { degrees });
    }
    case 'scale': {
      const scale = 1 + between(transformation.by);
      return (x) => warp(x, { scale });
    }
  }
}
