import type { Random } from '@convlens/core';
import type { GeometryDefinition } from '../definition.js';

export interface AxisShift {
  /** The largest shift in either direction, >= 0. */
  readonly limit?: number;
  /** The possible shifts; each is equally likely, in either direction. */
  readonly choices?: readonly number[];
  /** The unit of `limit` and `choices`: 'fraction' of the side, or 'pixel'. Default 'fraction'. */
  readonly unit?: 'fraction' | 'pixel';
}

/** Shifts to the left or right, in addition to a `shift` (Keras: width_shift_range, a float or an array). */
export interface WidthShift extends AxisShift {
  readonly kind: 'widthShift';
}

/** Shifts up or down, in addition to a `shift` (Keras: height_shift_range, a float or an array). */
export interface HeightShift extends AxisShift {
  readonly kind: 'heightShift';
}

function sampleShift({ limit = 0, choices, unit = 'fraction' }: AxisShift, random: Random, side: number) {
  const amount = choices
    ? choices[Math.floor(random() * choices.length)] * (random() < 0.5 ? -1 : 1)
    : limit * (2 * random() - 1);
  return unit === 'fraction' ? amount * side : amount;
}

const axisShift = {
  family: 'geometry',
  mainOption: 'limit',
  schema: {
    limit: { type: 'number', min: 0, optional: true },
    choices: { type: 'numbers', optional: true },
    unit: { type: 'choice', choices: ['fraction', 'pixel'], optional: true },
  },
  check: ({ limit, choices }: AxisShift) =>
    (limit === undefined) === (choices === undefined) ? 'either limit or choices' : undefined,
} as const;

export const widthShift: GeometryDefinition<WidthShift> = {
  id: 'widthShift',
  keyword: 'shiftwidth',
  ...axisShift,
  sample: (step, random, geometry, { width }) => {
    geometry.shiftColumns += sampleShift(step, random, width);
  },
};

export const heightShift: GeometryDefinition<HeightShift> = {
  id: 'heightShift',
  keyword: 'shiftheight',
  ...axisShift,
  sample: (step, random, geometry, { height }) => {
    geometry.shiftRows += sampleShift(step, random, height);
  },
};
