import { stridedIndices } from './broadcasting.js';
import { EXACT_BRANCHES, type Branches } from './branches.js';
import {
  expect,
  largestAbsolute,
  mapValues,
  rootMeanSquare,
  sizeOf,
  stridesOf,
  valuesOf,
  zeros,
  type Result,
  type Values,
} from './values.js';

interface Axes {
  readonly axes: readonly number[];
  readonly keepDims?: boolean;
}

/** The shape of a reduction, and for each value of x the index of the result that it is part of. */
function planOf({ shape }: Values, { axes, keepDims = false }: Axes) {
  expect(new Set(axes).size === axes.length, 'An axis is named twice');
  const kept = shape.map((size, i) => (axes.includes(i) ? 1 : size));
  const strides = stridesOf(kept).map((stride, i) => (axes.includes(i) ? 0 : stride));
  const outShape = keepDims ? kept : shape.filter((_, i) => !axes.includes(i));
  return {
    outShape,
    groups: stridedIndices(shape, strides),
    count: sizeOf(shape) / Math.max(1, sizeOf(outShape)),
  };
}

export function sum(x: Values, options: Axes): Result {
  const { outShape, groups, count } = planOf(x, options);
  const y = zeros(outShape, x.dtype);
  for (let i = 0; i < groups.length; i++) y.data[groups[i]] += x.data[i];
  return {
    value: y,
    precision: x.dtype === 'float32' ? 'rounded' : 'exact',
    scale: rootMeanSquare(x.data) * Math.sqrt(count),
    gradient: (dy) => [{ value: mapValues(x, (_, i) => dy.data[groups[i]]), precision: 'exact' }],
  };
}

export function mean(x: Values, options: Axes): Result {
  const { outShape, groups } = planOf(x, options);
  const count = options.axes.reduce((product, axis) => product * x.shape[axis], 1);
  const y = zeros(outShape);
  for (let i = 0; i < groups.length; i++) y.data[groups[i]] += x.data[i];
  return {
    // Of no values: 0 / 0.
    value: mapValues(y, (total) => total / count),
    precision: 'rounded',
    scale: rootMeanSquare(x.data) / Math.sqrt(Math.max(1, count)),
    gradient: (dy) => [{ value: mapValues(x, (_, i) => dy.data[groups[i]] / count), precision: 'rounded' }],
  };
}

/**
 * The largest or smallest value. Those that equal it receive the gradient in equal parts, as in TensorFlow and PyTorch.
 */
export function extreme(
  x: Values,
  which: 'max' | 'min',
  options: Axes,
  branches: Branches = EXACT_BRANCHES,
): Result {
  const sign = which === 'max' ? 1 : -1;
  const { outShape, groups } = planOf(x, options);
  const y = zeros(outShape, x.dtype);
  y.data.fill(-sign * Infinity);
  for (let i = 0; i < groups.length; i++) {
    const [value, best] = [x.data[i], y.data[groups[i]]];
    if (Number.isNaN(value) || sign * value > sign * best) y.data[groups[i]] = value;
  }
  const distances = Float64Array.from(groups, (group, i) => sign * (x.data[i] - y.data[group]));
  return {
    value: y,
    precision: 'exact',
    gradient: (dy) => {
      const isBest = branches.decide(distances, { inclusive: true });
      const counts = new Uint32Array(y.data.length);
      groups.forEach((group, i) => (counts[group] += isBest[i]));
      const part = (i: number) => (isBest[i] ? dy.data[groups[i]] / counts[groups[i]] : 0);
      return [{ value: mapValues(x, (_, i) => part(i)), precision: 'rounded' }];
    },
  };
}

/** The product; the gradient is the product of all others. */
export function prod(x: Values, options: Axes): Result {
  const { outShape, groups } = planOf(x, options);
  const y = zeros(outShape, x.dtype);
  y.data.fill(1);
  for (let i = 0; i < groups.length; i++) y.data[groups[i]] *= x.data[i];
  return { value: y, precision: x.dtype === 'float32' ? 'rounded' : 'exact' };
}

/** Whether all or any values of a bool array are true. */
export function logical(x: Values, which: 'all' | 'any', options: Axes): Result {
  const { outShape, groups } = planOf(x, options);
  const y = zeros(outShape, 'bool');
  const isAll = which === 'all';
  y.data.fill(Number(isAll));
  for (let i = 0; i < groups.length; i++)
    if (Boolean(x.data[i]) !== isAll) y.data[groups[i]] = Number(!isAll);
  return { value: y, precision: 'exact' };
}

/** The index of the first largest or smallest value along an axis. */
export function indexOfExtreme(x: Values, which: 'max' | 'min', axis: number): Result {
  const sign = which === 'max' ? 1 : -1;
  const { outShape, groups } = planOf(x, { axes: [axis] });
  const inner = sizeOf(x.shape.slice(axis + 1));
  const best = new Int32Array(sizeOf(outShape)).fill(-1);
  groups.forEach((group, i) => {
    if (best[group] < 0 || sign * x.data[i] > sign * x.data[best[group]]) best[group] = i;
  });
  const coordinates = Float64Array.from(best, (i) => Math.floor(i / inner) % x.shape[axis]);
  return { value: valuesOf(outShape, coordinates, 'int32'), precision: 'exact' };
}

/** log(sum(exp(x))) */
export function logSumExp(x: Values, options: Axes): Result {
  const { outShape, groups } = planOf(x, options);
  const largest = extreme(x, 'max', { axes: options.axes }).value;
  const sums = zeros(outShape);
  for (let i = 0; i < groups.length; i++)
    sums.data[groups[i]] += Math.exp(x.data[i] - largest.data[groups[i]]);
  const y = mapValues(sums, (total, i) => Math.log(total) + largest.data[i]);
  return {
    value: y,
    precision: 'rounded',
    scale: Math.max(1, rootMeanSquare(x.data)),
    gradient: (dy) => [
      {
        value: mapValues(x, (v, i) => dy.data[groups[i]] * Math.exp(v - y.data[groups[i]])),
        precision: 'rounded',
        // TensorFlow.js adds and subtracts the gradient of the largest value.
        scale: largestAbsolute(dy.data),
        isDifference: true,
      },
    ],
  };
}

/** Softmax, or its logarithm, over the last axis. */
export function softmax(x: Values, { logarithm = false } = {}): Result {
  const axes = [x.shape.length - 1];
  const { groups } = planOf(x, { axes });
  const total = logSumExp(x, { axes }).value;
  const logits = mapValues(x, (v, i) => v - total.data[groups[i]]);
  const y = mapValues(logits, Math.exp);
  return {
    value: logarithm ? logits : y,
    precision: 'rounded',
    isDifference: logarithm,
    gradient: (dy) => {
      const sums = new Float64Array(total.data.length);
      for (let i = 0; i < groups.length; i++)
        sums[groups[i]] += logarithm ? dy.data[i] : dy.data[i] * y.data[i];
      const dx = logarithm
        ? mapValues(dy, (d, i) => d - y.data[i] * sums[groups[i]])
        : mapValues(dy, (d, i) => y.data[i] * (d - sums[groups[i]]));
      return [{ value: dx, precision: 'rounded', scale: rootMeanSquare(dy.data), isDifference: true }];
    },
  };
}

/** Running sums or products along an axis. */
export function cumulative(
  x: Values,
  which: 'sum' | 'prod',
  { axis, exclusive = false, reverse = false }: { axis: number; exclusive?: boolean; reverse?: boolean },
): Result {
  const [stride] = stridesOf(x.shape).slice(axis);
  const length = x.shape[axis];
  const scan = (data: Float64Array, isReverse: boolean) => {
    const result = new Float64Array(data.length);
    for (let start = 0; start < data.length; start++) {
      if (Math.floor(start / stride) % length !== 0) continue;
      let total = which === 'sum' ? 0 : 1;
      for (let i = 0; i < length; i++) {
        const at = start + (isReverse ? length - 1 - i : i) * stride;
        const before = total;
        total = which === 'sum' ? total + data[at] : total * data[at];
        result[at] = exclusive ? before : total;
      }
    }
    return result;
  };
  return {
    value: valuesOf(x.shape, scan(x.data, reverse), x.dtype),
    precision: x.dtype === 'float32' ? 'rounded' : 'exact',
    scale: rootMeanSquare(x.data),
    ...(which === 'sum' && {
      gradient: (dy: Values) => [
        {
          value: valuesOf(x.shape, scan(dy.data, !reverse)),
          precision: 'rounded' as const,
          scale: rootMeanSquare(dy.data),
        },
      ],
    }),
  };
}
