import { filled } from '../program.js';
import type { FillKind } from '../fill.js';
import type { Random } from '../random.js';
import { sizeOf, type DType, type Values } from '../reference/values.js';
import type { Instruction } from './instructions.js';
import type { Chooser, Known, TensorOptions, Wanted } from './operation-spec.js';

/** What a program is like. */
export interface Style {
  /** With NaN and infinities. */
  readonly isSpecial: boolean;
  readonly hasZeroSizes: boolean;
  /** With tensors that are so large that several threads compute them. */
  readonly isLarge: boolean;
}

export const MAX_VALUES = 4000;
export const MAX_LARGE_VALUES = 80_000;

const RANKS = [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6];
const SIZES = [1, 1, 2, 2, 3, 3, 4, 5, 7, 8, 16];
const LARGE_SIZES = [3, 16, 20, 33, 64, 100];

type Creation = Instruction & { readonly kind: 'create' };

interface ChooserOptions {
  readonly random: Random;
  readonly style: Style;
  /** The tensors that exist. */
  readonly live: () => readonly Known[];
  /** The number of a new tensor. */
  readonly nextId: () => number;
  /** The first tensor to take, if it fits. */
  readonly preferred?: Known;
}

const isAbove = ({ data }: Values, limit: number) => data.every((value) => value >= limit);

/** Finds inputs among the tensors of a program, or notes that new ones are to be created. */
export class TensorChooser implements Chooser {
  readonly random: Random;
  readonly isSpecial: boolean;
  /** What creates the new tensors. */
  readonly creations: Creation[] = [];
  private isPreferredTaken = false;

  constructor(private readonly options: ChooserOptions) {
    this.random = options.random;
    this.isSpecial = options.style.isSpecial;
  }

  any({ dtypes = ['float32'], minRank = 0, maxRank = 6, isFilled, isExact, isPositive }: Wanted = {}): Known {
    const { random } = this;
    const fits = ({ value, precision }: Known) =>
      dtypes.includes(value.dtype) &&
      value.shape.length >= minRank &&
      value.shape.length <= maxRank &&
      !(isFilled && value.data.length === 0) &&
      !(isExact && precision !== 'exact') &&
      this.isAllowed(value, isPositive);
    const { live, preferred } = this.options;
    if (preferred && !this.isPreferredTaken && fits(preferred)) {
      this.isPreferredTaken = true;
      return preferred;
    }
    const known = live().filter(fits);
    if (known.length > 0 && random.chance(0.8)) return random.pick(known);
    const dtype = random.chance(0.6) ? dtypes[0] : random.pick(dtypes);
    const shape = this.shape(minRank, maxRank).map((size) => (isFilled ? Math.max(1, size) : size));
    return this.create(shape, { dtype, isPositive });
  }

  of(shape: readonly number[], options: TensorOptions = {}): Known {
    const { dtype = 'float32', isNew = false, isPositive } = options;
    const fits = ({ value }: Known) =>
      value.dtype === dtype && value.shape.join() === shape.join() && this.isAllowed(value, isPositive);
    const known = isNew ? [] : this.options.live().filter(fits);
    return known.length > 0 && this.random.chance(0.6)
      ? this.random.pick(known)
      : this.create(shape, options);
  }

  shape(minRank: number, maxRank: number): number[] {
    const { random } = this;
    const { hasZeroSizes, isLarge } = this.options.style;
    const rank = Math.max(minRank, Math.min(maxRank, random.pick(RANKS)));
    const most = isLarge ? MAX_LARGE_VALUES / 2 : MAX_VALUES / 4;
    const sizes = isLarge && rank <= 4 ? LARGE_SIZES : SIZES;
    for (;;) {
      const shape = Array.from({ length: rank }, () =>
        hasZeroSizes && random.chance(0.1) ? 0 : random.pick(sizes),
      );
      if (sizeOf(shape) <= most) return shape;
    }
  }

  /** In programs with NaN an operation may also get values that it is not defined for. */
  private isAllowed(value: Values, isPositive = false): boolean {
    return !isPositive || this.isSpecial || isAbove(value, 0.1);
  }

  private create(
    shape: readonly number[],
    { dtype = 'float32', fill, isPositive, scale }: TensorOptions,
  ): Known {
    const creation: Creation = {
      kind: 'create',
      out: this.options.nextId(),
      shape,
      dtype,
      fill: {
        kind: fill ?? this.usualFill(dtype, isPositive),
        seed: this.random.seed(),
        ...(scale !== undefined && { scale }),
      },
    };
    this.creations.push(creation);
    return { id: creation.out, value: filled(shape, creation.fill, dtype), precision: 'exact' };
  }

  private usualFill(dtype: DType, isPositive = false): FillKind {
    const { random, isSpecial } = this;
    if (dtype === 'int32') return 'integers';
    if (dtype === 'bool') return random.pick(['booleans', 'booleans', 'bytes'] as const);
    if (isSpecial) return random.pick(['special', 'special', 'normal', 'sparse'] as const);
    return isPositive ? 'positive' : random.pick(['normal', 'normal', 'normal', 'sparse'] as const);
  }
}
