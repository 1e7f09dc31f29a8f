import type { FillKind } from '../fill.js';
import type { Random } from '../random.js';
import type { Branches } from '../reference/branches.js';
import type { DType, Precision, Result, Values } from '../reference/values.js';

/** A tensor of a program: its number, and what the reference knows about it. */
export interface Known {
  readonly id: number;
  readonly value: Values;
  /** The least exact operation that it depends on. */
  readonly precision: Precision;
}

export interface Wanted {
  readonly dtypes?: readonly DType[];
  readonly minRank?: number;
  readonly maxRank?: number;
  /** Without zero-sized dimensions. Default false. */
  readonly isFilled?: boolean;
  /** Values that are exact in float32, because the operation jumps. */
  readonly isExact?: boolean;
  /** All values above 0.1. */
  readonly isPositive?: boolean;
}

export interface TensorOptions {
  /** Default float32. */
  readonly dtype?: DType;
  readonly fill?: FillKind;
  readonly scale?: number;
  /** All values above 0.1. */
  readonly isPositive?: boolean;
  /** Never an existing tensor. */
  readonly isNew?: boolean;
}

/** How an operation finds its inputs: existing tensors that fit, or new ones. */
export interface Chooser {
  readonly random: Random;
  /** Whether values may be NaN or infinite. */
  readonly isSpecial: boolean;
  any(wanted?: Wanted): Known;
  /** A tensor of exactly this shape. */
  of(shape: readonly number[], options?: TensorOptions): Known;
  /** A random shape. */
  shape(minRank: number, maxRank: number): number[];
}

export interface Chosen<Attributes> {
  readonly inputs: readonly Known[];
  readonly attributes: Attributes;
}

/** An operation of TensorFlow.js with its reference. */
export interface OperationSpec<Attributes = unknown> {
  readonly name: string;
  /** Inputs and attributes; undefined if there are none that fit. */
  choose(chooser: Chooser): Chosen<Attributes> | undefined;
  /** JavaScript that computes the tensor, or the list of tensors. */
  code(inputs: readonly string[], attributes: Attributes): string;
  /** Throws RangeError if it is not defined for these inputs. */
  reference(
    inputs: readonly Values[],
    attributes: Attributes,
    branches: Branches,
  ): Result | readonly Result[];
  /** The inputs that have a gradient. Default: all that are float32, if the reference has one. */
  readonly gradientOf?: readonly number[];
  /** A reason why it is not used in programs with NaN and infinities. */
  readonly notSpecial?: string;
  /** NaN may spread to values that are not NaN by definition: a padded 0 times infinity. */
  readonly spreadsNaN?: boolean;
  /** How often it is chosen. Default 1. */
  readonly weight?: number;
}

/** Forgets the type of the attributes, for the list of all operations. */
export const operation = <Attributes>(spec: OperationSpec<Attributes>): OperationSpec =>
  spec as OperationSpec;
