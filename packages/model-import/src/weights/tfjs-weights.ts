import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { IGNORED_WEIGHTS, type SavedWeight } from './layer-weights.js';
import { nestedWeights } from './legacy-weights.js';
import type { WeightTree } from './weight-tree.js';

/** What a model.json lists, and the bytes of its weight files. */
interface SavedWeights {
  readonly weightSpecs: tf.io.WeightsManifestEntry[];
  readonly weightData: tf.io.WeightData;
}

/**
 * The weights that a model.json of TensorFlow.js lists, by the names of their layers: `conv/kernel`, or `model/conv/kernel`.
 */
export function tfjsWeights(
  { weightSpecs, weightData }: SavedWeights,
  file: string,
): WeightTree & { expectAllUsed(): void } {
  expectSpecs(weightSpecs, file);
  const specs = weightSpecs.filter(({ group }) => group !== 'optimizer');
  const values = decodeValues({ weightSpecs, weightData }, file);
  const weights = specs.map(({ name: path, shape }): SavedWeight => {
    const nameStart = path.lastIndexOf('/') + 1;
    return {
      name: path.slice(nameStart).replace(/:\d+$/, ''),
      ownerPath: `/${path.slice(0, nameStart)}`,
      array: { path, shape, readValues: () => values.get(path)! },
    };
  });
  return {
    ...nestedWeights(weights, { file }),
    expectAllUsed() {
      const unused = weights.filter(({ isTaken, name = '' }) => !isTaken && !IGNORED_WEIGHTS.includes(name));
      if (unused.length > 0)
        throw new InputError(
          `Expected ${file} to hold a layer for each weight, found none for ` +
            unused.map(({ array }) => array.path).join(', '),
        );
    },
  };
}

const isSize = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

/** TensorFlow.js takes the list as it is. */
function expectSpecs(specs: unknown, file: string): asserts specs is tf.io.WeightsManifestEntry[] {
  const names = new Set<unknown>();
  for (const spec of Array.isArray(specs) ? (specs as unknown[]) : [specs]) {
    const { name, shape, dtype } = Object(spec) as Record<string, unknown>;
    const isSpec = typeof name === 'string' && typeof dtype === 'string' && Array.isArray(shape);
    if (!isSpec || !shape.every(isSize) || names.has(name))
      throw new InputError(
        `Expected ${file} to list its weights by different names, with shape and dtype, got ` +
          JSON.stringify(spec)?.slice(0, 100),
      );
    names.add(name);
  }
}

/** The values of all weights, restored from their quantized types. */
function decodeValues({ weightSpecs, weightData }: SavedWeights, file: string): Map<string, Float32Array> {
  let tensors: tf.NamedTensorMap = {};
  try {
    tensors = tf.io.decodeWeights(weightData, weightSpecs);
    return new Map(
      Object.entries(tensors).map(([name, tensor]) => [name, Float32Array.from(tensor.dataSync())]),
    );
  } catch (error) {
    throw new InputError(`Expected the weights of ${file} to fit its list: ${(error as Error).message}`);
  } finally {
    tf.dispose(tensors);
  }
}
