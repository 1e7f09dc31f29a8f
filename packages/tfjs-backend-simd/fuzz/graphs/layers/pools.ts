import { averagePool, maxPool } from '../../reference/pooling.js';
import { extreme, mean } from '../../reference/reductions.js';
import { layer, type LayerSpec } from '../layer-spec.js';

interface PoolOptions {
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: 'same' | 'valid';
}

const pool = (name: string, dimensions: number, which: 'max' | 'average'): LayerSpec =>
  layer<PoolOptions>({
    name,
    choose(random, [shape]) {
      if (shape.length !== dimensions + 1) return undefined;
      const sizes = shape.slice(0, -1);
      const square = random.between(1, 4);
      const poolSize = random.chance(0.6) ? sizes.map(() => square) : sizes.map(() => random.between(1, 4));
      const strides = random.chance(0.4) ? poolSize : sizes.map(() => random.between(1, 3));
      const fits = sizes.every((size, i) => poolSize[i] <= size);
      return { poolSize, strides, padding: fits && random.chance(0.5) ? 'valid' : 'same' };
    },
    code: (options) => ({ ...options }),
    reference: ({ tape, inputs, options: { poolSize, strides, padding } }) =>
      tape.apply([inputs[0]], (x) => {
        const options = { filterSizes: poolSize, strides, pad: padding };
        return which === 'max' ? maxPool(x, options, tape.branches) : averagePool(x, options);
      }),
    simpler: (options) => [
      { ...options, padding: 'valid' },
      { ...options, strides: options.strides.map(() => 1) },
      ...(Math.max(...options.poolSize) > 2 ? [{ ...options, poolSize: options.poolSize.map(() => 2) }] : []),
    ],
  });

const globalPool = (name: string, dimensions: number, which: 'max' | 'average'): LayerSpec =>
  layer<object>({
    name,
    choose: (_, [shape]) => (shape.length === dimensions + 1 ? {} : undefined),
    code: () => ({}),
    reference: ({ tape, inputs }) => {
      const axes = Array.from({ length: dimensions }, (_, i) => i + 1);
      return tape.apply([inputs[0]], (x) =>
        which === 'max' ? extreme(x, 'max', { axes }, tape.branches) : mean(x, { axes }),
      );
    },
  });

export const POOL_LAYERS: readonly LayerSpec[] = [
  pool('maxPooling2d', 2, 'max'),
  pool('averagePooling2d', 2, 'average'),
  pool('maxPooling1d', 1, 'max'),
  pool('averagePooling1d', 1, 'average'),
  pool('maxPooling3d', 3, 'max'),
  pool('averagePooling3d', 3, 'average'),
  globalPool('globalMaxPooling2d', 2, 'max'),
  globalPool('globalAveragePooling2d', 2, 'average'),
  globalPool('globalMaxPooling1d', 1, 'max'),
  globalPool('globalAveragePooling1d', 1, 'average'),
];
