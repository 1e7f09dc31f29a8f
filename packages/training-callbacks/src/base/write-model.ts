import { ambiguousNames, completeTopology, InputError } from '@convlens/core';
import { crc32 } from '@convlens/formats';
import type { BlobStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';

/** Writes a model, or only its weights, to the folder `path` of a store, in the formats of TensorFlow.js. */
export async function writeModel(
  model: tf.LayersModel,
  { store, path, weightsOnly }: { store: BlobStore; path: string; weightsOnly: boolean },
): Promise<void> {
  const { weightSpecs, weightData, modelTopology, ...rest } = await new Promise<tf.io.ModelArtifacts>(
    (resolve, reject) => {
      const handler = tf.io.withSaveHandler(async (artifacts) => {
        resolve(artifacts);
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      });
      model.save(handler).catch(reject);
    },
  );
  const weights = new Uint8Array(weightData as ArrayBuffer);
  // TensorFlow.js ignores the checksum; `loadModel` of @convlens/models verifies it.
  const checksum = crc32(weights).toString(16).padStart(8, '0');
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs, crc32: checksum }];
  const writeJson = (name: string, value: unknown) =>
    store.write(`${path}/${name}`, new TextEncoder().encode(JSON.stringify(value)));
  await store.write(`${path}/weights.bin`, weights);
  if (weightsOnly) await writeJson('weights_manifest.json', weightsManifest);
  else {
    const topology = completeTopology(model, modelTopology as object);
    await writeJson('model.json', { ...rest, modelTopology: topology, weightsManifest });
  }
}

/**
 * Throws an InputError for a model that `tf.loadLayersModel` could not read: in its format the weights of models
 * inside the model lack the names of these models.
 */
export function expectWritable(model: tf.LayersModel): void {
  const names = ambiguousNames(model);
  if (names.length > 0)
    throw new InputError(
      `Expected a model with unique names of weights, got two with ${names.join(' and two with ')}, which the files` +
        ' of TensorFlow.js cannot distinguish: name the layers of inner models differently, or save the model by a' +
        ' function of your own',
    );
}
