import type { BlobReader, BlobStore } from '@convlens/storage';
import { MODEL_FILE, readModelJson, type ModelJson, type WeightGroup } from './model-json.js';
import { NEW_WEIGHTS_FILE, readWeightFiles, weightsChecksum, WEIGHTS_FILE } from './weight-files.js';

/*
 * model.json and weights.bin are replaced one after the other. So that they fit together whenever the process is killed, the new
 * weights are in weights.new.bin meanwhile: a reader takes them if model.json has their checksum.
 */

/** Writes the weights and model.json, which has their checksum, in place of those of another model. */
export async function writeModelFiles(
  store: BlobStore,
  weights: Uint8Array,
  json: Uint8Array,
): Promise<void> {
  const isReplaced = (await store.list(MODEL_FILE)).includes(MODEL_FILE);
  if (isReplaced) {
    await finishInterruptedWrite(store);
    await store.write(NEW_WEIGHTS_FILE, weights);
    await store.write(MODEL_FILE, json);
  }
  await store.write(WEIGHTS_FILE, weights);
  if (isReplaced) await store.remove(NEW_WEIGHTS_FILE);
  else await store.write(MODEL_FILE, json);
}

/** Moves the weights of an interrupted write to their place, if model.json is theirs: the next weights take their name. */
async function finishInterruptedWrite(store: BlobStore): Promise<void> {
  const weights = await store.read(NEW_WEIGHTS_FILE);
  if (!weights) return;
  const manifest = await readModelJson(store).then(
    ({ weightsManifest }) => weightsManifest,
    // A damaged model is replaced.
    () => [],
  );
  if (manifest.some(({ crc32 }) => crc32 === weightsChecksum(weights)))
    await store.write(WEIGHTS_FILE, weights);
}

/** The most times that the files are read while a training replaces them. */
const ATTEMPTS = 5;

/** Reads model.json and its weights; `expectSupported` may throw before the weights are read. */
export async function readModelFiles(
  store: BlobReader,
  expectSupported: (modelJson: ModelJson) => void,
): Promise<{ modelJson: ModelJson; weightData: ArrayBuffer }> {
  let manifest: readonly WeightGroup[] | undefined;
  for (let attempt = 1; ; attempt++) {
    const modelJson = await readModelJson(store);
    expectSupported(modelJson);
    try {
      return { modelJson, weightData: await readWeightFiles(store, modelJson.weightsManifest, MODEL_FILE) };
    } catch (error) {
      // Another process may have replaced the files between the reads; then the next reads differ.
      const isUnchanged = JSON.stringify(manifest) === JSON.stringify(modelJson.weightsManifest);
      if (isUnchanged || attempt === ATTEMPTS) throw error;
      manifest = modelJson.weightsManifest;
    }
  }
}
