import * as tf from '@tensorflow/tfjs';
import type { LayerOptions } from '../keras/layer-options.js';
import { Cropping1D } from '../layers/cropping-1d.js';
import { ResizeImages } from '../layers/resize-images.js';
import { UpSampling1D } from '../layers/up-sampling-1d.js';
import { ZeroPadding1D } from '../layers/zero-padding-1d.js';
import type { Builder, Builders } from './builder.js';
import { identity } from './core-layers.js';

type Pair = [number, number];

/**
 * Margins of `rank` axes as [before, after], integers >= 0; default 1. Keras takes a number for all axes, a
 * list with a number or a pair per axis, and, for one axis, a pair.
 */
function readMargins(options: LayerOptions, key: string, rank: 1 | 2): Pair[] {
  const value = options.value(key) ?? 1;
  const isPairOfOneAxis = rank === 1 && Array.isArray(value) && value.length === 2;
  const list: unknown[] = Array.isArray(value) && !isPairOfOneAxis ? value : [value];
  const pairs = Array.from({ length: rank }, (_, axis): unknown[] => {
    const margin = list[axis] ?? list[0];
    return Array.isArray(margin) ? margin : [margin, margin];
  });
  const isMargin = (size: unknown) => Number.isSafeInteger(size) && (size as number) >= 0;
  if (!pairs.every((pair) => pair.length === 2 && pair.every(isMargin)))
    options.fail(`${key} ${JSON.stringify(value)}, which is not a list of integers`);
  return pairs as Pair[];
}

function readIntegers(options: LayerOptions, key: string): number[] {
  const value = options.value(key);
  if (!Array.isArray(value) || !value.every((item) => Number.isSafeInteger(item)))
    return options.fail(`${key} ${JSON.stringify(value)}, which is not a list of integers`);
  return value as number[];
}

/**
 * Computes a size of -1, which TensorFlow.js would leave unknown, so that no further layer could be built.
 */
const reshape: Builder = (options, [input]) => {
  const declaredShape = readIntegers(options, 'target_shape');
  const inputSize = input.slice(1).reduce<number>((product, size) => product * (size ?? NaN), 1);
  const knownSize = declaredShape.reduce((product, size) => product * (size === -1 ? 1 : size), 1);
  const missingSize = Number.isInteger(inputSize / knownSize) ? inputSize / knownSize : -1;
  const targetShape = declaredShape.map((size) => (size === -1 ? missingSize : size));
  return tf.layers.reshape({ ...options.common, targetShape });
};

const flatten: Builder = (options, [input]) =>
  // TensorFlow.js refuses to flatten a flat input.
  input.length === 2 ? identity(options) : tf.layers.flatten(options.common);

const upSampling2d: Builder = (options) => {
  const size = options.integers('size', 2, 2) as Pair;
  const interpolation = options.oneOf('interpolation', ['nearest', 'bilinear'] as const, 'nearest');
  if (interpolation === 'nearest') return tf.layers.upSampling2d({ ...options.common, size });
  return new ResizeImages({ ...options.common, to: size, relative: true, interpolation });
};

const zeroPadding1d: Builder = (options) =>
  new ZeroPadding1D({ ...options.common, padding: readMargins(options, 'padding', 1)[0] });

const zeroPadding2d: Builder = (options) =>
  tf.layers.zeroPadding2d({ ...options.common, padding: readMargins(options, 'padding', 2) as [Pair, Pair] });

const cropping1d: Builder = (options) =>
  new Cropping1D({ ...options.common, cropping: readMargins(options, 'cropping', 1)[0] });

const cropping2d: Builder = (options) =>
  tf.layers.cropping2D({ ...options.common, cropping: readMargins(options, 'cropping', 2) as [Pair, Pair] });

export const reshaping: Builders = {
  Cropping1D: cropping1d,
  Cropping2D: cropping2d,
  Flatten: flatten,
  Permute: (options) => tf.layers.permute({ ...options.common, dims: readIntegers(options, 'dims') }),
  RepeatVector: (options) => tf.layers.repeatVector({ ...options.common, n: options.integer('n') }),
  Reshape: reshape,
  UpSampling1D: (options) => new UpSampling1D({ ...options.common, size: options.integer('size', 2) }),
  UpSampling2D: upSampling2d,
  ZeroPadding1D: zeroPadding1d,
  ZeroPadding2D: zeroPadding2d,
};
