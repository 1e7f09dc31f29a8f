import type { BlobStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';

/** Writes a model, or only its weights, to the folder `path` of a store, in the formats of TensorFlow.js. */
export async function writeModel(
  model: tf.LayersModel,
  { store, path, weightsOnly }: { store: BlobStore; path: string; weightsOnly: boolean },
): Promise<void> {
  const { weightSpecs, weightData, ...rest } = await new Promise<tf.io.ModelArtifacts>((resolve, reject) => {
    const handler = tf.io.withSaveHandler(async (artifacts) => {
      resolve(artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    });
    model.save(handler).catch(reject);
  });
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
  const writeJson = (name: string, value: unknown) =>
    store.write(`${path}/${name}`, new TextEncoder().encode(JSON.stringify(value)));
  await store.write(`${path}/weights.bin`, new Uint8Array(weightData as ArrayBuffer));
  if (weightsOnly) await writeJson('weights_manifest.json', weightsManifest);
  else await writeJson('model.json', { ...rest, weightsManifest });
}
