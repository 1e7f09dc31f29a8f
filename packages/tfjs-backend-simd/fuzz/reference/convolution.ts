import {
  expect,
  rootMeanSquare,
  sizeOf,
  zeros,
  type Gradient,
  type Precision,
  type Result,
  type Values,
} from './values.js';
import { windowsOf, type WindowOptions, type Windows } from './windows.js';

/*
 * Convolutions over 1, 2 or 3 spatial dimensions by their definition, as in TensorFlow: images are [batch, ...sizes,
 * channels], filters [...sizes, inputs, outputs], and a filter is not flipped.
 */

interface Plan {
  readonly windows: Windows;
  readonly images: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly inShape: readonly number[];
  readonly outShape: readonly number[];
  readonly filterShape: readonly number[];
}

function planOf(inShape: readonly number[], filterShape: readonly number[], options: WindowOptions): Plan {
  const [images, inputs] = [inShape[0], inShape.at(-1)!];
  const outputs = filterShape.at(-1)!;
  expect(inShape.length === filterShape.length, 'The filter has another rank than the images');
  expect(filterShape.at(-2) === inputs, 'The filter has another number of input channels than the images');
  const windows = windowsOf(inShape.slice(1, -1), filterShape.slice(0, -2), options);
  return {
    windows,
    images,
    inputs,
    outputs,
    inShape,
    outShape: [images, ...windows.outSizes, outputs],
    filterShape,
  };
}

/** Calls `visit` for each pair of a pixel and a filter tap: the offsets of their channels in x, y and the filter. */
function forEachTap(
  { windows, images, inputs, outputs }: Plan,
  filterSize: number,
  visit: (x: number, y: number, w: number) => void,
): void {
  const { positions, taps, inSizes, outSizes } = windows;
  const [inCount, outCount] = [sizeOf(inSizes), sizeOf(outSizes)];
  for (let image = 0; image < images; image++)
    for (let i = 0; i < positions.length; i++) {
      if (positions[i] < 0) continue;
      const out = Math.floor(i / taps);
      visit(
        (image * inCount + positions[i]) * inputs,
        (image * outCount + out) * outputs,
        (i % taps) * filterSize,
      );
    }
}

function forward(x: Values, w: Values, plan: Plan): Values {
  const y = zeros(plan.outShape);
  const { inputs, outputs } = plan;
  forEachTap(plan, inputs * outputs, (xAt, yAt, wAt) => {
    for (let i = 0; i < inputs; i++) {
      const pixel = x.data[xAt + i];
      const row = wAt + i * outputs;
      for (let o = 0; o < outputs; o++) y.data[yAt + o] += pixel * w.data[row + o];
    }
  });
  return y;
}

function inputGradient(dy: Values, w: Values, plan: Plan): Values {
  const dx = zeros(plan.inShape);
  const { inputs, outputs } = plan;
  forEachTap(plan, inputs * outputs, (xAt, yAt, wAt) => {
    for (let i = 0; i < inputs; i++) {
      const row = wAt + i * outputs;
      let sum = 0;
      for (let o = 0; o < outputs; o++) sum += dy.data[yAt + o] * w.data[row + o];
      dx.data[xAt + i] += sum;
    }
  });
  return dx;
}

function filterGradient(x: Values, dy: Values, plan: Plan): Values {
  const dw = zeros(plan.filterShape);
  const { inputs, outputs } = plan;
  forEachTap(plan, inputs * outputs, (xAt, yAt, wAt) => {
    for (let i = 0; i < inputs; i++) {
      const pixel = x.data[xAt + i];
      const row = wAt + i * outputs;
      for (let o = 0; o < outputs; o++) dw.data[row + o] += pixel * dy.data[yAt + o];
    }
  });
  return dw;
}

/** Whether backend simd may use Winograd's algorithm, whose rounding errors are larger: see the package's README. */
export function usesWinograd({ windows, inputs, outputs }: Plan): boolean {
  const { filterSizes, strides, dilations } = windows;
  const isSquare =
    filterSizes.length === 2 && filterSizes[0] === filterSizes[1] && [3, 5].includes(filterSizes[0]);
  const isDense = [...strides, ...dilations].every((size) => size === 1);
  return isSquare && isDense && [inputs, outputs].every((channels) => channels % 8 === 0 && channels >= 16);
}

/** How far float32 is off in sums of `terms` products, which may cancel. */
const product = (a: Values, b: Values, terms: number) =>
  rootMeanSquare(a.data) * rootMeanSquare(b.data) * Math.sqrt(Math.max(1, terms));

/** For each value of a filter gradient whether its tap sees a pixel, its input channel a value and its output one too. */
function mayBeUsed(x: Values, dy: Values, { windows: { positions, taps }, inputs, outputs }: Plan) {
  const channelsOf = ({ data }: Values, channels: number) => {
    const isUsed = new Uint8Array(channels);
    data.forEach((value, i) => value !== 0 && (isUsed[i % channels] = 1));
    return isUsed;
  };
  const [usedInputs, usedOutputs] = [channelsOf(x, inputs), channelsOf(dy, outputs)];
  const usedTaps = new Uint8Array(taps);
  positions.forEach((position, i) => position >= 0 && (usedTaps[i % taps] = 1));
  return (index: number) => {
    const [tap, input, output] = [
      Math.floor(index / inputs / outputs),
      Math.floor(index / outputs) % inputs,
      index % outputs,
    ];
    return Boolean(usedTaps[tap] && usedInputs[input] && usedOutputs[output]);
  };
}

/** Which of the pixels, of `channels` values each, have a value other than 0. */
const usedPixels = ({ data }: Values, channels: number): Uint8Array => {
  const isUsed = new Uint8Array(data.length / Math.max(1, channels));
  data.forEach((value, i) => value !== 0 && (isUsed[Math.floor(i / channels)] = 1));
  return isUsed;
};

/**
 * For each value of the output whether its window sees a value other than 0; for each value of the input gradient, with
 * `isTransposed`, whether a window with a value other than 0 sees it. Where none does, the result is exactly 0.
 */
function maySee(source: Values, plan: Plan, { isTransposed = false } = {}) {
  const { images, inputs, outputs, windows } = plan;
  const [from, to] = isTransposed ? [outputs, inputs] : [inputs, outputs];
  const isUsed = usedPixels(source, from);
  const sees = new Uint8Array(images * sizeOf(isTransposed ? windows.inSizes : windows.outSizes));
  // Offsets in pixels: those of one channel.
  forEachTap({ ...plan, inputs: 1, outputs: 1 }, 1, (x, y) => {
    const [read, written] = isTransposed ? [y, x] : [x, y];
    if (isUsed[read]) sees[written] = 1;
  });
  return (index: number) => sees[Math.floor(index / to)] === 1;
}

/** How the three sums of a convolution are rounded. */
function roundingOf(plan: Plan) {
  const { windows, images, inputs, outputs } = plan;
  const { taps, outSizes } = windows;
  const precision: Precision = usesWinograd(plan) ? 'winograd' : 'rounded';
  return {
    // Winograd's algorithm adds the products of all taps and channels before they cancel.
    y: (x: Values, w: Values) => ({
      precision,
      scale: product(x, w, taps * inputs),
      ...(precision === 'winograd' && { isDifference: maySee(x, plan) }),
    }),
    dx: (dy: Values, w: Values) => ({
      precision,
      scale: product(dy, w, taps * outputs),
      ...(precision === 'winograd' && { isDifference: maySee(dy, plan, { isTransposed: true }) }),
    }),
    dw: (x: Values, dy: Values) => ({
      precision,
      scale: product(x, dy, images * sizeOf(outSizes)),
      ...(precision === 'winograd' && { isDifference: mayBeUsed(x, dy, plan) }),
    }),
  };
}

/** y = x * w */
export function convolution(x: Values, w: Values, options: WindowOptions): Result {
  const plan = planOf(x.shape, w.shape, options);
  const rounding = roundingOf(plan);
  return {
    value: forward(x, w, plan),
    ...rounding.y(x, w),
    gradient: (dy): Gradient[] => [
      { value: inputGradient(dy, w, plan), ...rounding.dx(dy, w) },
      { value: filterGradient(x, dy, plan), ...rounding.dw(x, dy) },
    ],
  };
}

/**
 * The transposed convolution: the input gradient of a convolution of images of `outShape` with this filter, [...sizes,
 * outputs, inputs].
 */
export function transposedConvolution(
  x: Values,
  w: Values,
  { outShape, ...options }: WindowOptions & { readonly outShape: readonly number[] },
): Result {
  const plan = planOf(outShape, w.shape, options);
  expect(
    plan.outShape.every((size, i) => size === x.shape[i]),
    `No convolution of [${outShape}] gives [${x.shape}]`,
  );
  const rounding = roundingOf(plan);
  return {
    value: inputGradient(x, w, plan),
    ...rounding.dx(x, w),
    gradient: (dy): Gradient[] => [
      { value: forward(dy, w, plan), ...rounding.y(dy, w) },
      { value: filterGradient(dy, x, plan), ...rounding.dw(dy, x) },
    ],
  };
}

/** Each channel convolved with its own filters, [height, width, channels, multiplier]. */
export function depthwiseConvolution(x: Values, w: Values, options: WindowOptions): Result {
  const [channels, multiplier] = [x.shape.at(-1)!, w.shape.at(-1)!];
  expect(w.shape.at(-2) === channels, 'The filter has another number of channels than the images');
  const windows = windowsOf(x.shape.slice(1, -1), w.shape.slice(0, -2), options);
  const outputs = channels * multiplier;
  const outShape = [x.shape[0], ...windows.outSizes, outputs];
  const plan: Plan = {
    windows,
    images: x.shape[0],
    inputs: channels,
    outputs,
    inShape: x.shape,
    outShape,
    filterShape: w.shape,
  };
  const visit = (f: (x: number, y: number, w: number) => void) =>
    forEachTap(plan, outputs, (xAt, yAt, wAt) => {
      for (let o = 0; o < outputs; o++) f(xAt + Math.floor(o / multiplier), yAt + o, wAt + o);
    });
  const y = zeros(outShape);
  visit((xAt, yAt, wAt) => (y.data[yAt] += x.data[xAt] * w.data[wAt]));
  const { taps } = windows;
  return {
    value: y,
    precision: 'rounded',
    scale: product(x, w, taps),
    gradient: (dy): Gradient[] => {
      const [dx, dw] = [zeros(x.shape), zeros(w.shape)];
      visit((xAt, yAt, wAt) => {
        dx.data[xAt] += dy.data[yAt] * w.data[wAt];
        dw.data[wAt] += dy.data[yAt] * x.data[xAt];
      });
      return [
        { value: dx, precision: 'rounded', scale: product(dy, w, taps * multiplier) },
        { value: dw, precision: 'rounded', scale: product(x, dy, x.shape[0] * sizeOf(windows.outSizes)) },
      ];
    },
  };
}
