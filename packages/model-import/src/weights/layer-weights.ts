import { InputError } from '@convlens/core';
import type { LayerWeights } from './weight-tree.js';

/** An array of numbers in a file. */
export interface SavedArray {
  /** Where it is in the file, for messages. */
  readonly path: string;
  /** Undefined for what turns out not to be an array. */
  readonly shape?: readonly number[];
  /** Row-major. */
  readValues(): Float32Array;
}

/** A weight in a Keras file. */
export interface SavedWeight {
  /** The names of the layers and models it belongs to: "/features/conv1/". */
  readonly ownerPath?: string;
  /** Undefined in a .keras file, where the order of the weights identifies them. */
  readonly name?: string;
  readonly array: SavedArray;
  isTaken?: boolean;
}

/** Weights that layers have for training or as counters. */
export const IGNORED_WEIGHTS = ['count', 'seed_generator_state'];

const KERNEL_NAMES = ['kernel', 'depthwise_kernel'];
/**
 * The kernel of a depthwise convolution is "kernel" in Keras 3 and "depthwise_kernel" in Keras 2 and
 * TensorFlow.js.
 */
const isSameWeightName = (a: string, b: string) =>
  a === b || (KERNEL_NAMES.includes(a) && KERNEL_NAMES.includes(b));

/**
 * The weights of a layer among `savedWeights`. Several layers may share this list; each weight is taken once.
 */
export function layerWeights(
  savedWeights: readonly SavedWeight[],
  { layer, file }: { layer: string; file: string },
): LayerWeights {
  const fail = (what: string): never => {
    throw new InputError(
      `Expected the weights in ${file} to fit the layer ${JSON.stringify(layer)}: ${what}`,
    );
  };
  const names = savedWeights.map(({ name }, i) => name ?? i).join(', ') || 'none';
  return {
    take(name, shape) {
      const weight = savedWeights.find(
        (saved) => !saved.isTaken && (saved.name === undefined || isSameWeightName(saved.name, name)),
      );
      if (!weight) return fail(`it needs ${name}, found ${names}`);
      weight.isTaken = true;
      const { array } = weight;
      if (!array.shape) return fail(`${array.path} is not an array`);
      if (array.shape.join() !== shape.join())
        fail(`${name} should be ${shape.join(' x ')}, ${array.path} is ${array.shape.join(' x ')}`);
      return array.readValues();
    },
    expectAllUsed() {
      const unused = savedWeights.filter(
        ({ isTaken, name = '' }) => !isTaken && !IGNORED_WEIGHTS.includes(name),
      );
      if (unused.length > 0) fail(`unused weights ${unused.map(({ array }) => array.path).join(', ')}`);
    },
  };
}
