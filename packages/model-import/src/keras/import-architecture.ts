import { expectObject, expectOptions, InputError, type OptionNames } from '@convlens/core';
import type { WeightTree } from '../weights/weight-tree.js';
import { buildImportedModel, type ImportedModel, type LayerClass } from './build-imported-model.js';
import { describeModel } from './open-keras-file.js';

export interface ImportArchitectureOptions {
  /** Layer classes of the caller, found by their static `className`; default none. They stay registered. */
  readonly customLayers?: readonly LayerClass[];
  /** The name of the file in messages; default "the file". */
  readonly fileName?: string;
}

const IMPORT_ARCHITECTURE_OPTIONS: OptionNames<ImportArchitectureOptions> = {
  customLayers: true,
  fileName: true,
};

/** A description may declare layers of any size. */
const MAX_VALUES = 2 ** 28;

/**
 * Builds the model that Keras's `model.to_json()` or a model.json describes, with weights of zero, to be set by `loadStateDict` or
 * `importKeras`.
 *
 * @param json the description, as text or parsed
 * @throws InputError if a layer is not supported, or the model has more than 268 million weights.
 */
export function importArchitecture(
  json: string | object,
  options: ImportArchitectureOptions = {},
): ImportedModel {
  expectOptions('importArchitecture', options, IMPORT_ARCHITECTURE_OPTIONS);
  if (typeof json !== 'string') expectObject('json', json);
  const { customLayers = [], fileName: file = 'the file' } = options;
  return buildImportedModel(
    { ...describeModel(json, file), weights: zeroWeights(file) },
    { customLayers, file },
  );
}

function zeroWeights(file: string): WeightTree {
  let left = MAX_VALUES;
  const tree: WeightTree = {
    open: () => ({
      layer: () => ({
        take(_, shape) {
          const count = shape.reduce((product, size) => product * size, 1);
          left -= count;
          if (!(left >= 0))
            throw new InputError(`Expected ${file} to describe a model of at most ${MAX_VALUES} weights`);
          return new Float32Array(count);
        },
        expectAllUsed() {},
      }),
      nested: () => tree,
    }),
  };
  return tree;
}
