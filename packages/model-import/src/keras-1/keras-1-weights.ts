import type { SavedArray, SavedWeight } from '../weights/layer-weights.js';
import type { WeightOwner } from '../weights/weight-tree.js';

/** The endings of weight names in Keras 1, with the names in Keras 2. */
const NAMES: Readonly<Record<string, string>> = {
  W: 'kernel',
  b: 'bias',
  gamma: 'gamma',
  beta: 'beta',
  running_mean: 'moving_mean',
  // It holds the variance.
  running_std: 'moving_variance',
  alphas: 'alpha',
  depthwise_kernel: 'depthwise_kernel',
  pointwise_kernel: 'pointwise_kernel',
};

const NAME = new RegExp(`^(.*)_(${Object.keys(NAMES).join('|')})(?:_\\d+)?$`);

/** A weight of Keras 1, such as `convolution2d_1_W`, under the name that Keras 2 gives it. */
export function renameKeras1Weight(weight: SavedWeight): SavedWeight {
  const [, owner, ending] = NAME.exec(weight.name ?? '') ?? [];
  return ending === undefined ? weight : { ...weight, name: NAMES[ending], ownerPath: `/${owner}/` };
}

/** The kernel of a layer in the order of axes of Keras 2. Other weights are the same. */
export function convertKeras1Kernel(weight: SavedWeight, { className, config }: WeightOwner): SavedWeight {
  const { shape } = weight.array;
  if (weight.name !== 'kernel' || shape?.length !== 4) return weight;
  if (className === 'Conv2DTranspose') return withArray(weight, [0, 1, 3, 2]);
  if (className !== 'Conv1D') return weight;
  // Before Keras 1.2: (filters, channels, length, 1); then (length, 1, channels, filters).
  const size = [config.kernel_size].flat()[0];
  const isOld = shape[0] !== size || shape[1] !== 1 || shape[3] !== config.filters;
  return isOld ? withArray(weight, [2, 1, 0], 3) : withArray(weight, [0, 2, 3], 1);
}

/** The weight with these axes of its array, and without another one, of size 1. */
function withArray(weight: SavedWeight, axes: readonly number[], dropped?: number): SavedWeight {
  const { array } = weight;
  const shape = array.shape!;
  if (dropped !== undefined && shape[dropped] !== 1) return weight;
  const converted: SavedArray = {
    path: array.path,
    shape: axes.map((axis) => shape[axis]),
    readValues: () => transpose(array.readValues(), shape, axes),
  };
  return { ...weight, array: converted };
}

/** The values of an array with its axes in another order; an axis of size 1 may be left out. */
function transpose(values: Float32Array, shape: readonly number[], axes: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const result = new Float32Array(values.length);
  const sizes = axes.map((axis) => shape[axis]);
  const index = sizes.map(() => 0);
  for (let i = 0; i < result.length; i++) {
    result[i] = values[index.reduce((sum, position, k) => sum + position * strides[axes[k]], 0)];
    for (let k = index.length - 1; k >= 0 && ++index[k] === sizes[k]; k--) index[k] = 0;
  }
  return result;
}
