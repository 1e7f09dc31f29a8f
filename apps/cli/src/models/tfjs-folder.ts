import { UNIT_RANGE } from '@convlens/core';
import { importGraphModel, importTfjs } from '@convlens/model-import';
import { readModelArtifacts, type LayerClass } from '@convlens/models';
import type { OpenModel } from '@convlens/pipeline';
import type { BlobStore } from '@convlens/storage';
import type { Console } from '../terminal/console.js';

/** Opens a folder that the converter of TensorFlow.js made of a model of Keras 3. The caller disposes the model. */
export async function importTfjsFolder(
  store: BlobStore,
  { customLayers, console }: { customLayers: readonly LayerClass[]; console: Console },
): Promise<OpenModel> {
  const artifacts = await readModelArtifacts(store);
  const fileName = `${store.location}/model.json`;
  const { model, warnings, preprocessing = UNIT_RANGE } = importTfjs(artifacts, { customLayers, fileName });
  for (const text of warnings) console.warn(text);
  return { model, preprocessing };
}

/** Opens a folder with a graph model of TensorFlow.js. The caller disposes the model. */
export async function importGraphFolder(store: BlobStore): Promise<OpenModel> {
  const artifacts = await readModelArtifacts(store);
  const { model, preprocessing = UNIT_RANGE } = await importGraphModel(artifacts, {
    fileName: `${store.location}/model.json`,
  });
  return { model, preprocessing };
}
