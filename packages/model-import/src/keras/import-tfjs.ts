import { expectObject, expectOptions, InputError, type OptionNames } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { tfjsWeights } from '../weights/tfjs-weights.js';
import { buildImportedModel, type ImportedModel, type LayerClass } from './build-imported-model.js';
import { isObject } from './json.js';
import { describeModel } from './open-keras-file.js';

export interface ImportTfjsOptions {
  /** Layer classes of the caller, found by their static `className`; default none. They stay registered. */
  readonly customLayers?: readonly LayerClass[];
  /** The name of the file in messages; default "the file". */
  readonly fileName?: string;
}

const IMPORT_TFJS_OPTIONS: OptionNames<ImportTfjsOptions> = { customLayers: true, fileName: true };

/** What model.json of TensorFlow.js and its weight files hold. */
export type TfjsArtifacts = Required<
  Pick<tf.io.ModelArtifacts, 'modelTopology' | 'weightSpecs' | 'weightData'>
>;

/**
 * Imports a model.json that the converter of TensorFlow.js made of a Keras model, which `tf.loadLayersModel` cannot read if
 * Keras 3 made it. Weights are found by the names of their layers, whether or not the name of the model stands before these;
 * quantized weights are restored.
 *
 * @throws InputError if a layer is not supported, or the weights do not fit the layers.
 */
export function importTfjs(artifacts: TfjsArtifacts, options: ImportTfjsOptions = {}): ImportedModel {
  expectOptions('importTfjs', options, IMPORT_TFJS_OPTIONS);
  expectObject('artifacts', artifacts);
  const { customLayers = [], fileName: file = 'the file' } = options;
  const topology: unknown = artifacts.modelTopology;
  if (!isObject(topology))
    throw new InputError(`Expected ${file} to hold a model topology, got ${typeof topology}`);
  const weights = tfjsWeights(artifacts, file);
  const model = buildImportedModel({ ...describeModel(topology, file), weights }, { customLayers, file });
  try {
    weights.expectAllUsed();
    return model;
  } catch (error) {
    model.model.dispose();
    throw error;
  }
}
