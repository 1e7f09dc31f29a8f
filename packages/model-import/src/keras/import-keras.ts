import { expectOptions, InputError, type OptionNames } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { loadWeights } from '../weights/load-weights.js';
import {
  buildImportedModel,
  describeImported,
  type ImportedModel,
  type LayerClass,
} from './build-imported-model.js';
import { openKerasFile, openWeightsFile } from './open-keras-file.js';

export interface ImportKerasOptions {
  /** Layer classes of the caller, found by their static `className`; default none. They stay registered. */
  readonly customLayers?: readonly LayerClass[];
  /** The name of the file in messages; default "the file". */
  readonly fileName?: string;
  /**
   * The most bytes that an entry of a .keras file may unpack to; default four times the size of the file, at
   * least 64 MiB.
   */
  readonly maxBytes?: number;
  /**
   * For a file with weights only (`save_weights`): the architecture, as the text or the JSON of Keras's `model.to_json()` or of
   * a model.json, or as a model, whose weights are set and which is returned. Default: that of the file.
   */
  readonly architecture?: string | object | tf.LayersModel;
}

const IMPORT_KERAS_OPTIONS: OptionNames<ImportKerasOptions> = {
  customLayers: true,
  fileName: true,
  maxBytes: true,
  architecture: true,
};

/**
 * Imports a Sequential or Functional model that Keras saved, with its nested models: a .keras file, or an .h5 file with a config
 * (Keras 1, Keras 2, tf.keras and the legacy writer of Keras 3). Layers keep their names.
 *
 * @throws InputError if the file is damaged, a layer is not supported, or the weights do not fit the layers.
 */
export async function importKeras(
  bytes: Uint8Array,
  options: ImportKerasOptions = {},
): Promise<ImportedModel> {
  expectOptions('importKeras', options, IMPORT_KERAS_OPTIONS);
  const { customLayers = [], fileName: file = 'the file', maxBytes, architecture } = options;
  if (!(bytes instanceof Uint8Array))
    throw new InputError(
      `Expected bytes to be a Uint8Array, got ${(bytes as object)?.constructor?.name ?? typeof bytes}`,
    );
  if (architecture instanceof tf.LayersModel) {
    loadWeights(architecture, await openWeightsFile(bytes, { file, majorVersion: 2 }));
    return describeImported(architecture, []);
  }
  const opened = await openKerasFile(bytes, { file, maxBytes, architecture });
  return buildImportedModel(opened, { customLayers, file });
}
