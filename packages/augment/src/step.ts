import { expectNumber, expectOneOf, InputError } from '@convlens/core';
import { flip, type Flip } from './flip.js';
import { rotation, type Rotation } from './rotation.js';
import { shear, type Shear } from './shear.js';
import { shift, type Shift } from './shift.js';
import { zoom, type Zoom } from './zoom.js';

export type { Flip, Rotation, Shear, Shift, Zoom };

/** One kind of change, as plain data that can be saved and sent to a worker. */
export type Step = Flip | Shift | Rotation | Shear | Zoom;

/** What each kind of step is called in text, the number it takes, and how it is drawn. */
export const STEPS = { flip, shift, rotation, shear, zoom };

export const KINDS = Object.keys(STEPS) as Step['kind'][];

/** Throws an InputError that says which step cannot be used, and why. A kind may come once. */
export function expectSteps(steps: readonly Step[]): void {
  const given: unknown = steps;
  if (!Array.isArray(given)) throw new InputError(`Expected steps to be an array, got ${typeof given}`);
  steps.forEach((step, i) => {
    expectOneOf(`steps[${i}].kind`, step?.kind, KINDS);
    const { amount } = STEPS[step.kind];
    if (amount)
      expectNumber(
        `steps[${i}].${amount.field}`,
        (step as unknown as Record<string, unknown>)[amount.field],
        amount,
      );
    const earlier = steps.findIndex(({ kind }) => kind === step.kind);
    if (earlier < i)
      throw new InputError(
        `Expected each kind of step once, got ${step.kind} at steps[${earlier}] and steps[${i}]`,
      );
  });
}
