import type { JpegFrame } from './jpeg-frame.js';
import type { JpegPlane } from './jpeg-planes.js';

/** With fewer columns libjpeg repeats samples. */
const MIN_COLUMNS = 3;

/** A row of samples: those of `values` from `start` on. */
export interface SampleRow {
  readonly values: Uint8ClampedArray;
  readonly start: number;
}

/** A function that returns a row of a component in the resolution of the image. The row is valid until the next call. */
export type RowReader = (y: number) => SampleRow;

/**
 * The rows of a component in the resolution of the image. Half the resolution is interpolated with a triangle filter: 3/4 of the
 * nearest sample and 1/4 of the next, along rows, columns or both, rounded as libjpeg rounds ("fancy upsampling"). Other
 * resolutions repeat samples, as there.
 */
export function rowReader(plane: JpegPlane, { width, maxH, maxV }: JpegFrame): RowReader {
  const { component, samples, stride } = plane;
  const { h, v, height, width: columns } = component;
  const whole = { values: samples, start: 0 };
  if (h === maxH && v === maxV)
    return (y) => {
      whole.start = y * stride;
      return whole;
    };
  const startOf = (y: number) => Math.max(0, Math.min(height - 1, y)) * stride;
  /** Where the row begins that a row of the image lies in, and the next in the direction of its place in it. */
  const nearest = (y: number) => startOf(y >> 1);
  const next = (y: number) => startOf((y >> 1) + ((y & 1) === 0 ? -1 : 1));
  const values = new Uint8ClampedArray(Math.max(width, 2 * columns));
  const row = { values, start: 0 };
  const isHalfWide = 2 * h === maxH && columns >= MIN_COLUMNS;
  if (isHalfWide && v === maxV)
    return (y) => {
      widenRow(samples, { start: startOf(y), columns, values });
      return row;
    };
  if (isHalfWide && 2 * v === maxV) {
    const sums = new Uint16Array(columns);
    return (y) => {
      addRows(samples, { nearest: nearest(y), next: next(y), sums });
      widenSums(sums, values);
      return row;
    };
  }
  if (h === maxH && 2 * v === maxV)
    return (y) => {
      mixRows(samples, { nearest: nearest(y), next: next(y), columns, bias: (y & 1) === 0 ? 1 : 2, values });
      return row;
    };
  return (y) => {
    const start = startOf(Math.floor((y * v) / maxV));
    for (let x = 0; x < width; x++) values[x] = samples[start + Math.floor((x * h) / maxH)];
    return row;
  };
}

/** Writes a row of twice as many columns. */
function widenRow(
  samples: Uint8ClampedArray,
  { start, columns, values }: { start: number; columns: number; values: Uint8ClampedArray },
): void {
  const last = columns - 1;
  const end = start + last;
  values[0] = samples[start];
  values[1] = (3 * samples[start] + samples[start + 1] + 2) >> 2;
  for (let i = 1, from = start + 1; i < last; i++, from++) {
    values[2 * i] = (3 * samples[from] + samples[from - 1] + 1) >> 2;
    values[2 * i + 1] = (3 * samples[from] + samples[from + 1] + 2) >> 2;
  }
  values[2 * last] = (3 * samples[end] + samples[end - 1] + 1) >> 2;
  values[2 * last + 1] = samples[end];
}

/** Writes four times the row between two rows, nearer to the first. */
function addRows(
  samples: Uint8ClampedArray,
  { nearest, next, sums }: { nearest: number; next: number; sums: Uint16Array },
): void {
  for (let i = 0; i < sums.length; i++) sums[i] = 3 * samples[nearest + i] + samples[next + i];
}

/** Writes a row of twice as many columns, from four times the values of a row. */
function widenSums(sums: Uint16Array, values: Uint8ClampedArray): void {
  const last = sums.length - 1;
  values[0] = (4 * sums[0] + 8) >> 4;
  values[1] = (3 * sums[0] + sums[1] + 7) >> 4;
  for (let i = 1; i < last; i++) {
    values[2 * i] = (3 * sums[i] + sums[i - 1] + 8) >> 4;
    values[2 * i + 1] = (3 * sums[i] + sums[i + 1] + 7) >> 4;
  }
  values[2 * last] = (3 * sums[last] + sums[last - 1] + 8) >> 4;
  values[2 * last + 1] = (4 * sums[last] + 7) >> 4;
}

interface MixRowsOptions {
  readonly nearest: number;
  readonly next: number;
  readonly columns: number;
  readonly bias: number;
  readonly values: Uint8ClampedArray;
}

/** Writes the row between two rows, nearer to the first. */
function mixRows(samples: Uint8ClampedArray, { nearest, next, columns, bias, values }: MixRowsOptions): void {
  for (let i = 0; i < columns; i++) values[i] = (3 * samples[nearest + i] + samples[next + i] + bias) >> 2;
}
