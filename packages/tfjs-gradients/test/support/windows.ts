import { at, build, indicesOf, type NdArray } from './nd-array.js';

export type Padding = 'valid' | 'same' | number;

/** How windows move over the axes between batch and channels. */
export interface Windows {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilations?: readonly number[];
  readonly padding: Padding;
  readonly round?: (length: number) => number;
}

interface Axis {
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly output: number;
}

function axisOf(input: number, axis: number, { size, strides, dilations, padding, round }: Windows): Axis {
  const [stride, dilation] = [strides[axis], dilations?.[axis] ?? 1];
  const span = (size[axis] - 1) * dilation + 1;
  if (padding === 'same') {
    const output = Math.ceil(input / stride);
    return { stride, dilation, output, before: Math.max(0, (output - 1) * stride + span - input) >> 1 };
  }
  const before = padding === 'valid' ? 0 : padding;
  return {
    stride,
    dilation,
    before,
    output: (round ?? Math.floor)((input + 2 * before - span) / stride) + 1,
  };
}

const axesOf = (x: NdArray, windows: Windows) =>
  x.shape.slice(1, -1).map((input, axis) => axisOf(input, axis, windows));

/** The positions of the input that a window at `position` reads, in row-major order. */
const positions = (axes: readonly Axis[], { size }: Windows, position: readonly number[]) =>
  [...indicesOf(size)].map((offset) =>
    axes.map(({ stride, dilation, before }, i) => position[i] * stride + offset[i] * dilation - before),
  );

/** The mean or the maximum of the values of each window that are inside of the input. */
export function pool(x: NdArray, windows: Windows, mode: 'average' | 'max'): NdArray {
  const axes = axesOf(x, windows);
  const shape = [x.shape[0], ...axes.map(({ output }) => output), x.shape.at(-1)!];
  return build(shape, (index) => {
    const [image, channel] = [index[0], index.at(-1)!];
    const values = positions(axes, windows, index.slice(1, -1)).flatMap(
      (position) => at(x, [image, ...position, channel]) ?? [],
    );
    return mode === 'max' ? Math.max(...values) : values.reduce((a, b) => a + b, 0) / values.length;
  });
}

/** A convolution with a filter of size x inputs x outputs. */
export function convolve(x: NdArray, filter: NdArray, windows: Windows): NdArray {
  const axes = axesOf(x, windows);
  const [inputs, outputs] = filter.shape.slice(-2);
  const shape = [x.shape[0], ...axes.map(({ output }) => output), outputs];
  const offsets = [...indicesOf(windows.size)];
  return build(shape, (index) =>
    positions(axes, windows, index.slice(1, -1)).reduce((sum, position, tap) => {
      for (let c = 0; c < inputs; c++)
        sum += (at(x, [index[0], ...position, c]) ?? 0) * at(filter, [...offsets[tap], c, index.at(-1)!])!;
      return sum;
    }, 0),
  );
}

/** A depthwise convolution with a filter of size x channels x multiplier. */
export function convolveDepthwise(x: NdArray, filter: NdArray, windows: Windows): NdArray {
  const axes = axesOf(x, windows);
  const [channels, multiplier] = filter.shape.slice(-2);
  const shape = [x.shape[0], ...axes.map(({ output }) => output), channels * multiplier];
  const offsets = [...indicesOf(windows.size)];
  return build(shape, (index) => {
    const [channel, k] = [Math.floor(index.at(-1)! / multiplier), index.at(-1)! % multiplier];
    return positions(axes, windows, index.slice(1, -1)).reduce(
      (sum, position, tap) =>
        sum + (at(x, [index[0], ...position, channel]) ?? 0) * at(filter, [...offsets[tap], channel, k])!,
      0,
    );
  });
}

/** A transposed convolution to `outputSize`, with a filter of size x outputs x inputs. */
export function convolveTransposed(
  x: NdArray,
  filter: NdArray,
  windows: Windows,
  outputSize: readonly number[],
): NdArray {
  const [outputs, inputs] = filter.shape.slice(-2);
  const axes = outputSize.map((size, axis) => axisOf(size, axis, windows));
  const y = build([x.shape[0], ...outputSize, outputs], () => 0);
  const strides = y.shape.map((_, axis) => y.shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const offsets = [...indicesOf(windows.size)];
  for (const index of indicesOf(x.shape.slice(0, -1)))
    positions(axes, windows, index.slice(1)).forEach((position, tap) => {
      for (let o = 0; o < outputs; o++) {
        const target = [index[0], ...position, o];
        if (at(y, target) === undefined) continue;
        const offset = target.reduce((sum, i, axis) => sum + i * strides[axis], 0);
        for (let c = 0; c < inputs; c++)
          y.values[offset] += at(x, [...index, c])! * at(filter, [...offsets[tap], o, c])!;
      }
    });
  return y;
}
