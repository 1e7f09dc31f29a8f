import type { Program, Reading } from '../program.js';
import { largestAbsolute, type Precision } from '../reference/values.js';
import { ExactRounding, NoisyRounding, type Flips } from '../rounding.js';
import { BOUND, HEADROOM, NOISE_RUNS, SMALLEST } from '../tolerances.js';

/** What a program must read, and how far float32 may be off. */
export interface Expected extends Reading {
  /** The largest difference allowed, by whether Winograd's F(4x4, 3x3) and F(2x2, 5x5) are used. */
  readonly tolerance: { readonly winograd: number; readonly direct: number };
}

export interface Expectation {
  readonly readings: readonly Expected[];
  /** Whether the convolution method matters. */
  readonly usesWinograd: boolean;
  /** The number of values so near a kink that float32 may take its other side. */
  readonly ambiguousCount: number;
}

/** The largest difference of each reading between two runs. */
function differences(a: readonly Reading[], b: readonly Reading[]): number[] {
  return a.map(({ value }, i) => {
    const other = b[i].value.data;
    return largestAbsolute(value.data.map((v, k) => (Number.isNaN(v - other[k]) ? 0 : v - other[k])));
  });
}

const largest = (lists: readonly (readonly number[])[]): number[] =>
  lists[0].map((_, i) => Math.max(...lists.map((list) => list[i])));

/**
 * Runs the reference of a program: exactly, and with the errors of float32.
 *
 * @throws RangeError if the program is not valid
 */
export function expectationOf(program: Program): Expectation {
  const exact = new ExactRounding();
  const readings = program.readings(exact);
  const { decisions, usesWinograd } = exact;

  const errorsOf = (isWinograd: boolean): number[] => {
    const run = (seed: number, flips: Flips) =>
      differences(readings, program.readings(new NoisyRounding({ seed, decisions, isWinograd, flips })));
    decisions.list.forEach((decision) => (decision.error = 0));
    const noise = largest(Array.from({ length: NOISE_RUNS }, (_, i) => run(program.seed + i, 'none')));
    if (decisions.ambiguousCount === 0) return noise.map((error) => HEADROOM * error);
    const flipped = (['all', 'even', 'odd'] as const).map((flips) => run(program.seed, flips));
    return noise.map((error, i) => HEADROOM * error + flipped.reduce((sum, list) => sum + list[i], 0));
  };
  if (readings.length === 0) return { readings: [], usesWinograd, ambiguousCount: 0 };
  const direct = errorsOf(false);
  const winograd = usesWinograd ? errorsOf(true) : direct;
  const { ambiguousCount } = decisions;
  const toleranceOf = ({ value, precision }: Reading, level: Precision, error: number) =>
    precision === 'exact' ? 0 : BOUND[level] * largestAbsolute(value.data) + error + SMALLEST;
  return {
    readings: readings.map((reading, i) => ({
      ...reading,
      // Where no input is NaN or infinite there is none to spread.
      spreadsNaN: program.isSpecial && reading.spreadsNaN,
      tolerance: {
        winograd: toleranceOf(reading, reading.precision, winograd[i]),
        direct: toleranceOf(reading, 'rounded', direct[i]),
      },
    })),
    usesWinograd,
    ambiguousCount,
  };
}
