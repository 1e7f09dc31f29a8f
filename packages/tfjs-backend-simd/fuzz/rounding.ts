import { Random } from './random.js';
import { decideByValue, type Branches, type DecideOptions } from './reference/branches.js';
import type { Rounding } from './reference/tape.js';
import { largestAbsolute, type Gradient, type Precision, type Values } from './reference/values.js';
import { ERROR, KINK } from './tolerances.js';

/** The decisions of one call of `decide` in the exact run. */
interface Decision {
  readonly distances: Float64Array;
  readonly isFree: Uint8Array;
  readonly isOpen: Uint8Array;
  /** The largest difference of a distance between the exact run and a run with errors. */
  error: number;
}

/**
 * The decisions of a program, in order. A run of the reference makes the same calls each time, so a call is known by its
 * position.
 */
export class Decisions {
  readonly list: Decision[] = [];

  /** The number of values that may fall on the other side of a kink. */
  get ambiguousCount(): number {
    return this.list.reduce(
      (sum, decision) => sum + decision.distances.filter((_, i) => isAmbiguous(decision, i)).length,
      0,
    );
  }
}

function isAmbiguous({ distances, isFree, isOpen, error }: Decision, i: number): boolean {
  const distance = Math.abs(distances[i]);
  // A distance of exactly 0 is one by construction (what a ReLU left), unless it is marked.
  const isNear = error > 0 && distance < KINK * error && (distance > 0 || isFree[i] === 1);
  return isNear || isOpen[i] === 1;
}

/** The exact run: records distances, and whether Winograd's algorithm may be used. */
export class ExactRounding implements Rounding {
  readonly decisions = new Decisions();
  usesWinograd = false;

  readonly branches: Branches = {
    decide: (distances, options = {}) => {
      const marked = (mark?: (index: number) => boolean) =>
        Uint8Array.from(distances, (distance, i) => Number(distance === 0 && (mark?.(i) ?? false)));
      this.decisions.list.push({
        distances: distances.slice(),
        isFree: marked(options.isFree),
        isOpen: marked(options.isOpen),
        error: 0,
      });
      return decideByValue(distances, options);
    },
  };

  round({ value, precision }: Gradient): Values {
    this.usesWinograd ||= precision === 'winograd';
    return value;
  }
}

/** Which values near a kink take the other side: none, all, or those with an even or odd index. */
export type Flips = 'none' | 'all' | 'even' | 'odd';

interface NoiseOptions {
  readonly seed: number;
  readonly decisions: Decisions;
  readonly isWinograd: boolean;
  readonly flips: Flips;
}

/** A run with random errors, as large as those of float32. */
export class NoisyRounding implements Rounding {
  private readonly random: Random;
  private position = 0;
  readonly branches: Branches;

  constructor(private readonly options: NoiseOptions) {
    this.random = new Random(options.seed);
    this.branches = { decide: (distances, decideOptions) => this.decide(distances, decideOptions) };
  }

  round({ value, precision, scale = 0, isDifference = false }: Gradient): Values {
    const level: Precision = precision === 'winograd' && !this.options.isWinograd ? 'rounded' : precision;
    if (level === 'exact') return value;
    const size = ERROR[level] * Math.max(largestAbsolute(value.data), Number.isFinite(scale) ? scale : 0);
    // Else a 0 stays one: sums of zeros are exact.
    const isExactZero =
      typeof isDifference === 'boolean' ? () => !isDifference : (i: number) => !isDifference(i);
    const data = value.data.map((v, i) => (v === 0 && isExactZero(i) ? 0 : v + size * this.error()));
    return { ...value, data };
  }

  /** 0.7 to 1 of either sign: an error of 0 by chance would hide how errors are amplified. */
  private error(): number {
    const error = 2 * this.random.next() - 1;
    return Math.sign(error) * (0.7 + 0.3 * Math.abs(error));
  }

  private decide(distances: Float64Array, options?: DecideOptions): Uint8Array {
    const decisions = decideByValue(distances, options);
    const decision = this.options.decisions.list[this.position++];
    const { flips } = this.options;
    if (flips === 'none') {
      for (let i = 0; i < distances.length; i++) {
        const error = Math.abs(distances[i] - decision.distances[i]);
        if (error > decision.error && error !== Infinity) decision.error = error;
      }
      return decisions;
    }
    const exact = decideByValue(decision.distances, options);
    return decisions.map((_, i) => {
      const isFlipped = flips === 'all' || (flips === 'even') === (i % 2 === 0);
      return isAmbiguous(decision, i) && isFlipped ? 1 - exact[i] : exact[i];
    });
  }
}
