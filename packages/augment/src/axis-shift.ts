import type { Random } from '@convlens/core';
import type { GeometryDefinition } from './definition.js';

interface AxisShift {
  /** Moves by up to so much either way, >= 0. */
  readonly limit?: number;
  /** Moves by one of these, each as likely as the others, either way. */
  readonly choices?: readonly number[];
  /** Of limit and choices: parts of the side, or pixels; default 'fraction'. */
  readonly unit?: 'fraction' | 'pixel';
}

/** Moves to the left or right (Keras: width_shift_range, a float or an array). Comes on top of a `shift`. */
export interface WidthShift extends AxisShift {
  readonly kind: 'widthShift';
}

/** Moves up or down (Keras: height_shift_range, a float or an array). Comes on top of a `shift`. */
export interface HeightShift extends AxisShift {
  readonly kind: 'heightShift';
}

function drawShift({ limit = 0, choices, unit = 'fraction' }: AxisShift, random: Random, side: number) {
  const amount = choices
    ? choices[Math.floor(random() * choices.length)] * (random() < 0.5 ? -1 : 1)
    : limit * (2 * random() - 1);
  return unit === 'fraction' ? amount * side : amount;
}

const shared = {
  main: 'limit',
  options: {
    limit: { type: 'number', min: 0, optional: true },
    choices: { type: 'numbers', optional: true },
    unit: { type: 'choice', choices: ['fraction', 'pixel'], optional: true },
  },
  check: ({ limit, choices }: AxisShift) =>
    (limit === undefined) === (choices === undefined) ? 'either limit or choices' : undefined,
} as const;

export const widthShift: GeometryDefinition<WidthShift> = {
  word: 'shiftwidth',
  ...shared,
  draw: (step, random, drawn, { width }) => {
    drawn.shiftColumns += drawShift(step, random, width);
  },
};

export const heightShift: GeometryDefinition<HeightShift> = {
  word: 'shiftheight',
  ...shared,
  draw: (step, random, drawn, { height }) => {
    drawn.shiftRows += drawShift(step, random, height);
  },
};
