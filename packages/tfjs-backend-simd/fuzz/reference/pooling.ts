import { EXACT_BRANCHES, type Branches } from './branches.js';
import { expect, rootMeanSquare, sizeOf, zeros, type Result, type Values } from './values.js';
import { windowsOf, type WindowOptions, type Windows } from './windows.js';

/*
 * Pooling over 1, 2 or 3 spatial dimensions of [batch, ...sizes, channels], as in TensorFlow: padding is no part of a
 * window, neither of a maximum nor of the count of an average.
 */

interface PoolOptions extends WindowOptions {
  readonly filterSizes: readonly number[];
}

/** Calls `visit` for each output value: its index, and the indices of the values of its window. */
function forEachWindow(
  x: Values,
  windows: Windows,
  visit: (out: number, window: readonly number[]) => void,
): void {
  const { positions, taps, inSizes, outSizes } = windows;
  const [images, channels] = [x.shape[0], x.shape.at(-1)!];
  const [inCount, outCount] = [sizeOf(inSizes), sizeOf(outSizes)];
  for (let image = 0; image < images; image++)
    for (let out = 0; out < outCount; out++) {
      const inside = positions.subarray(out * taps, (out + 1) * taps).filter((position) => position >= 0);
      expect(inside.length > 0, 'A window lies in the padding alone');
      for (let channel = 0; channel < channels; channel++)
        visit(
          (image * outCount + out) * channels + channel,
          Array.from(inside, (position) => (image * inCount + position) * channels + channel),
        );
    }
}

const outShapeOf = (x: Values, { outSizes }: Windows) => [x.shape[0], ...outSizes, x.shape.at(-1)!];

/**
 * The largest value of each window. The gradient goes to the first of equal values; in 3D, where TensorFlow.js takes the
 * last one in some windows, to the first or to the last. A window with NaN is NaN, as in PyTorch; in 3D NaN is ignored, as in
 * TensorFlow and TensorFlow.js, and the largest of nothing else is -Infinity.
 */
export function maxPool(
  x: Values,
  { filterSizes, ...options }: PoolOptions,
  branches: Branches = EXACT_BRANCHES,
): Result {
  const windows = windowsOf(x.shape.slice(1, -1), filterSizes, options);
  const y = zeros(outShapeOf(x, windows));
  const [first, second] = [new Int32Array(y.data.length), new Int32Array(y.data.length)];
  const distances = new Float64Array(y.data.length);
  const is3D = filterSizes.length === 3;
  const ofNaN = is3D ? -Infinity : Infinity;
  const order = (at: number) => (Number.isNaN(x.data[at]) ? ofNaN : x.data[at]);
  forEachWindow(x, windows, (out, window) => {
    let [best, next] = [window[0], -1];
    for (const at of window.slice(1)) {
      if (order(at) > order(best) || (ofNaN > 0 && Number.isNaN(x.data[at]))) [best, next] = [at, best];
      else if (next < 0 || order(at) > order(next) || (is3D && order(at) === order(best))) next = at;
    }
    [first[out], second[out]] = [best, next < 0 ? best : next];
    distances[out] = next < 0 ? Infinity : x.data[best] - x.data[next];
  });
  const isFirst = branches.decide(distances, {
    inclusive: true,
    isFree: (i) => x.data[first[i]] !== 0,
    isOpen: () => is3D,
  });
  const source = (i: number) => (isFirst[i] || Number.isNaN(distances[i]) ? first[i] : second[i]);
  for (let i = 0; i < y.data.length; i++) y.data[i] = ofNaN > 0 ? x.data[source(i)] : order(source(i));
  return {
    value: y,
    precision: 'exact',
    gradient: (dy) => {
      const dx = zeros(x.shape);
      for (let i = 0; i < dy.data.length; i++) dx.data[source(i)] += dy.data[i];
      return [{ value: dx, precision: 'rounded' }];
    },
  };
}

/** The mean of each window. */
export function averagePool(x: Values, { filterSizes, ...options }: PoolOptions): Result {
  const windows = windowsOf(x.shape.slice(1, -1), filterSizes, options);
  const y = zeros(outShapeOf(x, windows));
  forEachWindow(x, windows, (out, window) => {
    for (const at of window) y.data[out] += x.data[at] / window.length;
  });
  return {
    value: y,
    precision: 'rounded',
    scale: rootMeanSquare(x.data) / Math.sqrt(windows.taps),
    gradient: (dy) => {
      const dx = zeros(x.shape);
      forEachWindow(x, windows, (out, window) => {
        for (const at of window) dx.data[at] += dy.data[out] / window.length;
      });
      return [{ value: dx, precision: 'rounded' }];
    },
  };
}
