import { indicesOf, type NdArray } from './nd-array.js';

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

/** A position of the input that a window reads: which of its positions it is, and the offset in one channel. */
interface Tap {
  readonly tap: number;
  readonly offset: number;
}

interface Plan {
  /** The sizes of the output. */
  readonly outputs: readonly number[];
  /** What each window reads inside of the input, in row-major order. */
  readonly taps: readonly (readonly Tap[])[];
}

const plans = new Map<string, Plan>();

function planOf(inputs: readonly number[], windows: Windows): Plan {
  const axes = inputs.map((input, axis) => axisOf(input, axis, windows));
  const key = JSON.stringify([inputs, windows.size, axes]);
  const known = plans.get(key);
  if (known) return known;
  const outputs = axes.map(({ output }) => output);
  const offsets = [...indicesOf(windows.size)];
  const taps = [...indicesOf(outputs)].map((position) =>
    offsets.flatMap((offset, tap) => {
      const index = axes.map(
        ({ stride, dilation, before }, i) => position[i] * stride + offset[i] * dilation - before,
      );
      if (index.some((i, axis) => i < 0 || i >= inputs[axis])) return [];
      return { tap, offset: index.reduce((sum, i, axis) => sum * inputs[axis] + i, 0) };
    }),
  );
  const plan = { outputs, taps };
  plans.set(key, plan);
  return plan;
}

const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);

/** The mean or the maximum of the values of each window that are inside of the input. */
export function pool({ shape, values }: NdArray, windows: Windows, mode: 'average' | 'max'): NdArray {
  const [count, inputs, channels] = [shape[0], shape.slice(1, -1), shape.at(-1)!];
  const { outputs, taps } = planOf(inputs, windows);
  const y = new Float64Array(count * taps.length * channels);
  for (let n = 0, i = 0; n < count; n++)
    for (const window of taps)
      for (let c = 0; c < channels; c++, i++) {
        const read = window.map(({ offset }) => values[(n * product(inputs) + offset) * channels + c]);
        y[i] = mode === 'max' ? Math.max(...read) : read.reduce((a, b) => a + b, 0) / read.length;
      }
  return { shape: [count, ...outputs, channels], values: y };
}

/** A convolution with a filter of size x inputs x outputs. */
export function convolve(x: NdArray, filter: NdArray, windows: Windows): NdArray {
  const [count, sizes] = [x.shape[0], x.shape.slice(1, -1)];
  const [inputs, outputs] = filter.shape.slice(-2);
  const plan = planOf(sizes, windows);
  const y = new Float64Array(count * plan.taps.length * outputs);
  for (let n = 0; n < count; n++)
    plan.taps.forEach((window, position) => {
      for (const { tap, offset } of window)
        for (let c = 0; c < inputs; c++)
          for (let o = 0; o < outputs; o++)
            y[(n * plan.taps.length + position) * outputs + o] +=
              x.values[(n * product(sizes) + offset) * inputs + c] *
              filter.values[(tap * inputs + c) * outputs + o];
    });
  return { shape: [count, ...plan.outputs, outputs], values: y };
}

/** A depthwise convolution with a filter of size x channels x multiplier. */
export function convolveDepthwise(x: NdArray, filter: NdArray, windows: Windows): NdArray {
  const [count, sizes] = [x.shape[0], x.shape.slice(1, -1)];
  const [channels, multiplier] = filter.shape.slice(-2);
  const plan = planOf(sizes, windows);
  const outputs = channels * multiplier;
  const y = new Float64Array(count * plan.taps.length * outputs);
  for (let n = 0; n < count; n++)
    plan.taps.forEach((window, position) => {
      for (const { tap, offset } of window)
        for (let o = 0; o < outputs; o++)
          y[(n * plan.taps.length + position) * outputs + o] +=
            x.values[(n * product(sizes) + offset) * channels + Math.floor(o / multiplier)] *
            filter.values[tap * outputs + o];
    });
  return { shape: [count, ...plan.outputs, outputs], values: y };
}

/**
 * A transposed convolution to `outputSize`, with a filter of size x outputs x inputs: each value of x is added to what
 * a window of the output reads.
 */
export function convolveTransposed(
  x: NdArray,
  filter: NdArray,
  windows: Windows,
  outputSize: readonly number[],
): NdArray {
  const count = x.shape[0];
  const [outputs, inputs] = filter.shape.slice(-2);
  const { taps } = planOf(outputSize, windows);
  const y = new Float64Array(count * product(outputSize) * outputs);
  for (let n = 0; n < count; n++)
    taps.forEach((window, position) => {
      for (const { tap, offset } of window)
        for (let o = 0; o < outputs; o++)
          for (let c = 0; c < inputs; c++)
            y[(n * product(outputSize) + offset) * outputs + o] +=
              x.values[(n * taps.length + position) * inputs + c] *
              filter.values[(tap * outputs + o) * inputs + c];
    });
  return { shape: [count, ...outputSize, outputs], values: y };
}
