import { expect, sizeOf, stridesOf } from './values.js';

/** The padding of a convolution or pooling: by name, the same number on all sides, or [before, after] per dimension. */
export type Padding = 'same' | 'valid' | number | readonly (readonly [number, number])[];

export interface WindowOptions {
  readonly strides: readonly number[];
  readonly dilations?: readonly number[];
  readonly pad: Padding;
  /** How an output size that is not whole is rounded, for padding by numbers. Default floor. */
  readonly rounding?: 'floor' | 'ceil' | 'round';
}

/** The windows of a convolution or pooling over 1, 2 or 3 spatial dimensions. */
export interface Windows {
  readonly inSizes: readonly number[];
  readonly outSizes: readonly number[];
  readonly filterSizes: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** For output position p and tap t of the filter, at p * taps + t: the position in the image; -1 in the padding. */
  readonly positions: Int32Array;
  readonly taps: number;
}

interface Dimension {
  readonly out: number;
  readonly before: number;
}

/** The output size and the padding before the image of one dimension, as TensorFlow defines them. */
function dimensionOf(
  size: number,
  span: number,
  stride: number,
  { pad, rounding = 'floor' }: WindowOptions,
  axis: number,
): Dimension {
  if (pad === 'valid') return { out: Math.ceil((size - span + 1) / stride), before: 0 };
  if (pad === 'same') {
    const out = Math.ceil(size / stride);
    return { out, before: Math.floor(Math.max(0, (out - 1) * stride + span - size) / 2) };
  }
  const [before, after] = typeof pad === 'number' ? [pad, pad] : pad[axis];
  return { out: Math[rounding]((size + before + after - span) / stride) + 1, before };
}

/** @throws RangeError if a window does not fit into the image */
export function windowsOf(
  inSizes: readonly number[],
  filterSizes: readonly number[],
  options: WindowOptions,
): Windows {
  const { strides } = options;
  const dilations = options.dilations ?? strides.map(() => 1);
  const spans = filterSizes.map((size, axis) => (size - 1) * dilations[axis] + 1);
  const areEqual = (sizes: readonly number[]) => sizes.every((size) => size === sizes[0]);
  expect(
    typeof options.pad !== 'number' || (areEqual(spans) && areEqual(strides)),
    'TensorFlow.js pads by a number as if all sizes and strides were the first',
  );
  const dimensions = inSizes.map((size, axis) =>
    dimensionOf(size, spans[axis], strides[axis], options, axis),
  );
  const outSizes = dimensions.map(({ out }) => out);
  expect(Math.min(...outSizes) > 0, `No window of size [${filterSizes}] fits into [${inSizes}]`);
  const taps = sizeOf(filterSizes);
  const positions = new Int32Array(sizeOf(outSizes) * taps);
  const inStrides = stridesOf(inSizes);
  const [outStrides, tapStrides] = [stridesOf(outSizes), stridesOf(filterSizes)];
  for (let i = 0; i < positions.length; i++) {
    const [out, tap] = [Math.floor(i / taps), i % taps];
    let position = 0;
    for (let axis = 0; axis < inSizes.length && position >= 0; axis++) {
      const outCoordinate = Math.floor(out / outStrides[axis]) % outSizes[axis];
      const tapCoordinate = Math.floor(tap / tapStrides[axis]) % filterSizes[axis];
      const coordinate =
        outCoordinate * strides[axis] + tapCoordinate * dilations[axis] - dimensions[axis].before;
      position = coordinate < 0 || coordinate >= inSizes[axis] ? -1 : position + coordinate * inStrides[axis];
    }
    positions[i] = position;
  }
  return { inSizes, outSizes, filterSizes, strides, dilations, positions, taps };
}
