export type DType = 'float32' | 'int32' | 'bool';

/** An array of the reference: float64 values, row-major. `dtype` is that of the TensorFlow.js tensor. */
export interface Values {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: Float64Array;
}

/**
 * How exact float32 computes the result of an operation: `exact` (copies, comparisons), `rounded`, or with the
 * larger error of Winograd's F(4x4, 3x3) and F(2x2, 5x5). Tolerances come from it: ../tolerances.ts.
 */
export type Precision = 'exact' | 'rounded' | 'winograd';

/** The result of an operation of the reference, and its adjoint. */
export interface Result {
  readonly value: Values;
  readonly precision: Precision;
  /**
   * The typical size of a sum before terms cancel, where it may be larger than the result: rounding errors are
   * relative to it. Default: the largest value of the result.
   */
  readonly scale?: number;
  /** Whether a result of exactly 0 comes from terms that cancel, and need not be 0 in float32. Default false. */
  readonly isDifference?: boolean | ((index: number) => boolean);
  /** From the gradient by the result to that by each input; undefined where there is none. */
  readonly gradient?: (dy: Values) => readonly (Gradient | undefined)[];
}

/** A gradient and how it is rounded. */
export type Gradient = Omit<Result, 'gradient'>;

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

export const zeros = (shape: readonly number[], dtype: DType = 'float32'): Values => ({
  shape,
  dtype,
  data: new Float64Array(sizeOf(shape)),
});

export function valuesOf(
  shape: readonly number[],
  data: ArrayLike<number>,
  dtype: DType = 'float32',
): Values {
  if (data.length !== sizeOf(shape))
    throw new RangeError(`Expected ${sizeOf(shape)} values for shape [${shape}], got ${data.length}`);
  return { shape, dtype, data: data instanceof Float64Array ? data : Float64Array.from(data) };
}

export const reshaped = (x: Values, shape: readonly number[]): Values => valuesOf(shape, x.data, x.dtype);

/** The strides of a dense array, in values. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

export function largestAbsolute(data: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const value = Math.abs(data[i]);
    if (value > largest && value !== Infinity) largest = value;
  }
  return largest;
}

/** The root mean square of the values; 0 for none. */
export function rootMeanSquare(data: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) if (Number.isFinite(data[i])) sum += data[i] * data[i];
  return data.length ? Math.sqrt(sum / data.length) : 0;
}

/** The values after `f`, of the same shape. */
export function mapValues(x: Values, f: (value: number, index: number) => number, dtype = x.dtype): Values {
  const { data } = x;
  const result = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) result[i] = f(data[i], i);
  return { shape: x.shape, dtype, data: result };
}

/** Throws unless a condition of an operation holds; the shrinker refuses programs by it. */
export function expect(condition: boolean, message: string): asserts condition {
  if (!condition) throw new RangeError(message);
}
