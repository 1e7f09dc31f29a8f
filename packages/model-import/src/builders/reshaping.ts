import * as tf from '@tensorflow/tfjs';
import type { Builder } from '../build-layer.js';
import type { Options } from '../layer-config.js';
import { identity } from './elementwise.js';
import { AdaptivePooling } from '../layers/adaptive-pooling.js';
import { GlobalPooling } from '../layers/global-pooling.js';
import { ResizeImages } from '../layers/resize-images.js';
import { Cropping1D, UpSampling1D, ZeroPadding1D } from '../layers/sequences.js';

type Pair = [number, number];
type Stock = (config: never) => tf.layers.Layer;

const pooling =
  (rank: number, make: Stock): Builder =>
  (options, [input]) => {
    const poolSize = options.integers('pool_size', rank, 2);
    const strides = options.value('strides') ? options.integers('strides', rank) : poolSize;
    const padding = options.oneOf('padding', ['valid', 'same'] as const, 'valid');
    if (rank === 3 && padding === 'same' && leavesGaps(input, { poolSize, strides }))
      options.refuse('strides beyond its windows and padding "same", which TensorFlow.js computes wrongly');
    return make({ ...options.common, poolSize, strides, padding } as never);
  };

const at = (sizes: number | number[], axis: number) =>
  Array.isArray(sizes) ? (sizes[axis] ?? sizes[0]) : sizes;

/** Whether the last window along an axis may end before the axis does: padding would be less than none. */
const leavesGaps = (
  input: tf.Shape,
  { poolSize, strides }: { poolSize: number | number[]; strides: number | number[] },
) =>
  input.slice(1, -1).some((size, axis) => {
    const [pool, stride] = [at(poolSize, axis), at(strides, axis)];
    return size === null ? stride > pool : (Math.ceil(size / stride) - 1) * stride + pool < size;
  });

const globalPooling =
  (mode: 'average' | 'max', make?: Stock): Builder =>
  (options) => {
    const keepDims = options.flag('keepdims', false);
    return make && !keepDims
      ? make(options.common as never)
      : new GlobalPooling({ ...options.common, mode, keepDims });
  };

const adaptivePooling =
  (rank: number, mode: 'average' | 'max'): Builder =>
  (options) => {
    const size = options.integers('output_size', rank);
    const outputSize = Array.from({ length: rank }, (_, axis) => at(size, axis));
    return new AdaptivePooling({ ...options.common, mode, outputSize });
  };

/** Whole numbers >= 0 as [before, after], for each of `rank` axes, from any form that Keras takes. */
function margins(options: Options, key: string, rank: 1 | 2): Pair[] {
  const value = options.value(key) ?? 1;
  const given = Array.isArray(value) && !(rank === 1 && value.length === 2) ? value : [value];
  const pairs = Array.from({ length: rank }, (_, i) => {
    const one: unknown = given[i] ?? given[0];
    return Array.isArray(one) ? one : [one, one];
  });
  if (!pairs.every((pair) => pair.length === 2 && pair.every((n) => Number.isSafeInteger(n) && n >= 0)))
    options.refuse(`${key} ${JSON.stringify(value)}, which is not of whole numbers`);
  return pairs as Pair[];
}

const upSampling2d: Builder = (options) => {
  const size = options.integers('size', 2, 2);
  const to = (Array.isArray(size) ? size : [size, size]) as Pair;
  const interpolation = options.oneOf('interpolation', ['nearest', 'bilinear'] as const, 'nearest');
  if (interpolation === 'nearest') return tf.layers.upSampling2d({ ...options.common, size: to });
  return new ResizeImages({ ...options.common, to, relative: true, interpolation });
};

function numbers(options: Options, key: string): number[] {
  const value = options.value(key);
  if (!Array.isArray(value) || !value.every((one) => Number.isSafeInteger(one)))
    return options.refuse(`${key} ${JSON.stringify(value)}, which is not of whole numbers`);
  return value as number[];
}

/** TensorFlow.js leaves a size that follows from the others (-1) undeclared, so that no layer can be built behind it. */
const reshape: Builder = (options, [input]) => {
  const given = numbers(options, 'target_shape');
  const all = input.slice(1).reduce<number>((product, size) => product * (size ?? NaN), 1);
  const rest = given.reduce((product, size) => product * (size === -1 ? 1 : size), 1);
  const missing = Number.isInteger(all / rest) ? all / rest : -1;
  const targetShape = given.map((size) => (size === -1 ? missing : size));
  return tf.layers.reshape({ ...options.common, targetShape });
};

const single = (size: number | number[]) => (Array.isArray(size) ? size[0] : size);
const L = tf.layers;

/** What moves values or leaves some out. */
export const reshaping: Readonly<Record<string, Builder>> = {
  MaxPooling1D: pooling(1, L.maxPooling1d as Stock),
  MaxPooling2D: pooling(2, L.maxPooling2d as Stock),
  MaxPooling3D: pooling(3, L.maxPooling3d as Stock),
  AveragePooling1D: pooling(1, L.averagePooling1d as Stock),
  AveragePooling2D: pooling(2, L.averagePooling2d as Stock),
  AveragePooling3D: pooling(3, L.averagePooling3d as Stock),
  GlobalAveragePooling1D: globalPooling('average', L.globalAveragePooling1d as Stock),
  GlobalAveragePooling2D: globalPooling('average', L.globalAveragePooling2d as Stock),
  GlobalAveragePooling3D: globalPooling('average'),
  GlobalMaxPooling1D: globalPooling('max', L.globalMaxPooling1d as Stock),
  GlobalMaxPooling2D: globalPooling('max', L.globalMaxPooling2d as Stock),
  GlobalMaxPooling3D: globalPooling('max'),
  ...Object.fromEntries(
    [1, 2, 3].flatMap((rank) => [
      [`AdaptiveAveragePooling${rank}D`, adaptivePooling(rank, 'average')],
      [`AdaptiveMaxPooling${rank}D`, adaptivePooling(rank, 'max')],
    ]),
  ),
  // TensorFlow.js refuses to flatten what is flat.
  Flatten: (options, [input]) => (input.length === 2 ? identity(options) : L.flatten(options.common)),
  Reshape: reshape,
  Permute: (options) => L.permute({ ...options.common, dims: numbers(options, 'dims') }),
  RepeatVector: (options) => L.repeatVector({ ...options.common, n: options.integers('n', 1) as number }),
  ZeroPadding1D: (options) =>
    new ZeroPadding1D({ ...options.common, padding: margins(options, 'padding', 1)[0] }),
  ZeroPadding2D: (options) =>
    L.zeroPadding2d({ ...options.common, padding: margins(options, 'padding', 2) as [Pair, Pair] }),
  Cropping1D: (options) =>
    new Cropping1D({ ...options.common, cropping: margins(options, 'cropping', 1)[0] }),
  Cropping2D: (options) =>
    L.cropping2D({ ...options.common, cropping: margins(options, 'cropping', 2) as [Pair, Pair] }),
  UpSampling1D: (options) =>
    new UpSampling1D({ ...options.common, size: single(options.integers('size', 1, 2)) }),
  UpSampling2D: upSampling2d,
};
