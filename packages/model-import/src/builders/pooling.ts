import * as tf from '@tensorflow/tfjs';
import { AdaptivePooling } from '../layers/adaptive-pooling.js';
import { GlobalPooling } from '../layers/global-pooling.js';
import type { Builder, Builders, LayerFactory } from './builder.js';

const windowPooling =
  (rank: number, create: LayerFactory): Builder =>
  (options, [input]) => {
    const poolSize = options.integers('pool_size', rank, 2);
    const strides = options.value('strides') ? options.integers('strides', rank) : poolSize;
    const padding = options.oneOf('padding', ['valid', 'same'] as const, 'valid');
    if (rank === 3 && padding === 'same' && leavesGap(input, poolSize, strides))
      options.fail(
        'strides larger than the pool size and padding "same", which TensorFlow.js computes incorrectly',
      );
    return create({ ...options.common, poolSize, strides, padding } as never);
  };

/**
 * Whether the last window along an axis may end before the axis does, so that its padding would be negative.
 */
const leavesGap = (input: tf.Shape, poolSize: readonly number[], strides: readonly number[]) =>
  input.slice(1, -1).some((size, axis) => {
    const [pool, stride] = [poolSize[axis], strides[axis]];
    if (size === null) return stride > pool;
    const lastStart = (Math.ceil(size / stride) - 1) * stride;
    return lastStart + pool < size;
  });

type Mode = 'average' | 'max';

const globalPooling =
  (mode: Mode, builtIn?: LayerFactory): Builder =>
  (options) => {
    const keepDims = options.boolean('keepdims', false);
    return builtIn && !keepDims
      ? builtIn(options.common as never)
      : new GlobalPooling({ ...options.common, mode, keepDims });
  };

const adaptivePooling =
  (rank: number, mode: Mode): Builder =>
  (options) =>
    new AdaptivePooling({ ...options.common, mode, outputSize: options.integers('output_size', rank) });

const { layers } = tf;

export const pooling: Builders = {
  AdaptiveAveragePooling1D: adaptivePooling(1, 'average'),
  AdaptiveAveragePooling2D: adaptivePooling(2, 'average'),
  AdaptiveAveragePooling3D: adaptivePooling(3, 'average'),
  AdaptiveMaxPooling1D: adaptivePooling(1, 'max'),
  AdaptiveMaxPooling2D: adaptivePooling(2, 'max'),
  AdaptiveMaxPooling3D: adaptivePooling(3, 'max'),
  AveragePooling1D: windowPooling(1, layers.averagePooling1d as LayerFactory),
  AveragePooling2D: windowPooling(2, layers.averagePooling2d as LayerFactory),
  AveragePooling3D: windowPooling(3, layers.averagePooling3d as LayerFactory),
  GlobalAveragePooling1D: globalPooling('average', layers.globalAveragePooling1d as LayerFactory),
  GlobalAveragePooling2D: globalPooling('average', layers.globalAveragePooling2d as LayerFactory),
  GlobalAveragePooling3D: globalPooling('average'),
  GlobalMaxPooling1D: globalPooling('max', layers.globalMaxPooling1d as LayerFactory),
  GlobalMaxPooling2D: globalPooling('max', layers.globalMaxPooling2d as LayerFactory),
  GlobalMaxPooling3D: globalPooling('max'),
  MaxPooling1D: windowPooling(1, layers.maxPooling1d as LayerFactory),
  MaxPooling2D: windowPooling(2, layers.maxPooling2d as LayerFactory),
  MaxPooling3D: windowPooling(3, layers.maxPooling3d as LayerFactory),
};
