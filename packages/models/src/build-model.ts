import { expectOptions, findEntry, type OptionNames } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { expectModelOptions, type Architecture, type ModelOptions } from './architectures/model-options.js';
import { ARCHITECTURES, type ArchitectureName } from './architectures/registry.js';

export interface BuildModelOptions {
  /** The known architectures. Default ARCHITECTURES. */
  architectures?: readonly Architecture[];
}

const BUILD_MODEL_OPTIONS: OptionNames<BuildModelOptions> = { architectures: true };

/**
 * Builds a model of a named architecture. The caller owns the model and disposes it.
 *
 * @param options of the architecture
 * @throws InputError for an unknown name, with a list of all names, and for an option that is unknown or out
 * of range.
 */
export function buildModel(
  name: ArchitectureName | (string & {}),
  options: ModelOptions = {},
  lists: BuildModelOptions = {},
): tf.LayersModel {
  expectOptions('buildModel', lists, BUILD_MODEL_OPTIONS);
  const { architectures = ARCHITECTURES } = lists;
  const entry = findEntry<Architecture>('architecture', name, architectures);
  expectModelOptions(options, entry);
  return entry.build(options);
}
