import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { memoryStore, type BlobStore } from '../../../packages/storage/src/index.js';

interface Folders {
  readonly shape: readonly number[];
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** The weight file, in base64. */
  readonly weights: string;
  /** By name, model.json in the forms that converters write for one network. */
  readonly models: Readonly<Record<string, TfjsModelJson>>;
}

export interface TfjsModelJson {
  readonly modelTopology: Readonly<Record<string, unknown>>;
  readonly weightsManifest: readonly { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];
}

const folders = JSON.parse(
  readFileSync(fileURLToPath(new URL('tfjs-folders.json', import.meta.url)), 'utf8'),
) as Folders;

export const tfjsModelJson = (name: string): TfjsModelJson => folders.models[name];

export const tfjsWeightData = (): Uint8Array => new Uint8Array(Buffer.from(folders.weights, 'base64'));

/** The files of a model folder by name. */
export function tfjsFolder(name: string): Record<string, Uint8Array> {
  const json = tfjsModelJson(name);
  const [path] = json.weightsManifest[0].paths;
  return { 'model.json': new TextEncoder().encode(JSON.stringify(json)), [path]: tfjsWeightData() };
}

export async function tfjsStore(name: string): Promise<BlobStore> {
  const store = memoryStore();
  for (const [file, bytes] of Object.entries(tfjsFolder(name))) await store.write(file, bytes);
  return store;
}

/** The largest difference between the outputs of a model and those of Keras. */
export function tfjsDistance(model: tf.LayersModel): number {
  return tf.tidy(() => {
    const output = model.predict(tf.tensor([...folders.input], [...folders.shape])) as tf.Tensor;
    const values = output.dataSync();
    if (values.length !== folders.output.length) return Infinity;
    return Math.max(...folders.output.map((value, i) => Math.abs(values[i] - value)));
  });
}
