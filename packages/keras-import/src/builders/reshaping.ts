import * as tf from '@tensorflow/tfjs';
import type { Builder } from '../build-layer.js';
import type { Options } from '../layer-config.js';
import { KeptGlobalPooling } from '../layers/kept-pooling.js';
import { ResizeImages } from '../layers/resize-images.js';
import { Cropping1D, UpSampling1D, ZeroPadding1D } from '../layers/sequences.js';

type Pair = [number, number];
type Stock = (config: never) => tf.layers.Layer;

const pooling =
  (rank: number, make: Stock): Builder =>
  (options) =>
    make({
      ...options.common,
      poolSize: options.integers('pool_size', rank, 2),
      ...(options.value('strides') ? { strides: options.integers('strides', rank) } : {}),
      padding: options.oneOf('padding', ['valid', 'same'], 'valid'),
    } as never);

const globalPooling =
  (mode: 'average' | 'max', make: Stock): Builder =>
  (options) =>
    options.flag('keepdims', false)
      ? new KeptGlobalPooling({ ...options.common, mode })
      : make(options.common as never);

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
  GlobalMaxPooling1D: globalPooling('max', L.globalMaxPooling1d as Stock),
  GlobalMaxPooling2D: globalPooling('max', L.globalMaxPooling2d as Stock),
  Flatten: ({ common }) => L.flatten(common),
  Reshape: (options) => L.reshape({ ...options.common, targetShape: numbers(options, 'target_shape') }),
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
