import type { Fill } from './fill.js';
import { fillValues } from './fill.js';
import type { Rounding } from './reference/tape.js';
import { sizeOf, valuesOf, type DType, type Precision, type Values } from './reference/values.js';

/** A value that a program reads, as the reference computes it. */
export interface Reading {
  readonly name: string;
  readonly value: Values;
  /** The least exact operation that it depends on. */
  readonly precision: Precision;
  /** Whether NaN may have spread over more values than by definition (Winograd's tiles, zero padding times infinity). */
  readonly spreadsNaN?: boolean;
}

/** A program, as JavaScript on TensorFlow.js and as a function of the reference. */
export interface Program {
  readonly kind: 'graph' | 'operations';
  readonly seed: number;
  /** The operations and layers it uses. */
  readonly features: readonly string[];
  /** With NaN and infinities. */
  readonly isSpecial: boolean;
  /**
   * The body of an asynchronous function of `tf`, `values` (fillValues) and `read(name, tensorOrNumbers)`, which leaves no
   * tensor behind.
   */
  readonly code: string;
  /** What `read` is called with, in order. Throws RangeError if the program is not valid. */
  readings(rounding: Rounding): Reading[];
  /**
   * Programs that are simpler in one respect, those that drop most first. Each is made when it is called, which throws
   * RangeError if it is not valid.
   */
  smaller(): Iterable<() => Program>;
}

/** The values of a fill, as the reference reads them: each byte but 0 of a bool tensor is true. */
export function filled(
  shape: readonly number[],
  { kind, seed, scale }: Fill,
  dtype: DType = 'float32',
): Values {
  const values = Float64Array.from(fillValues(kind, seed, sizeOf(shape), scale));
  return valuesOf(shape, dtype === 'bool' ? values.map((v) => Number(v !== 0)) : values, dtype);
}

/** A JavaScript literal. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'string') return `'${value}'`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([key, entry]) => `${key}: ${literal(entry)}`);
    return entries.length > 0 ? `{ ${entries.join(', ')} }` : '{}';
  }
  return Object.is(value, -0) ? '-0' : String(value);
}
