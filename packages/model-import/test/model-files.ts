import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import type { DamagedFile } from '../../../test/support/damaged-files.js';
import { tfjsModelJson, tfjsWeightData } from '../../../test/support/tfjs/tfjs-folders.js';
import { importKeras, importTfjs, loadStateDict, readStateDict, type ImportedModel } from '../src/index.js';
import { smallFile } from './small.js';

const architecture = new TextDecoder().decode(smallFile('architecture.json'));

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))));

function dispose({ model }: ImportedModel): void {
  expect(model.outputs[0].shape).toEqual([null, 4]);
  model.dispose();
}

const keras = (name: string, options: object = {}): DamagedFile => ({
  file: smallFile(name),
  parse: async (bytes) => dispose(await importKeras(bytes, options)),
  count: 2000,
  refused: 0.2,
});

/** The values of a tensor that is read have its shape. */
function readTensors(bytes: Uint8Array): void {
  for (const { shape, values } of readStateDict(bytes).values())
    expect(values).toHaveLength(shape.reduce((product, size) => product * size, 1));
}

/** Loads a state dict into the network of make-torch.py. */
function loadInto(bytes: Uint8Array): void {
  const { conv2d, batchNormalization, maxPooling2d, flatten, dense } = tf.layers;
  const model = tf.sequential({
    layers: [
      conv2d({ name: 'conv1', filters: 3, kernelSize: 3, padding: 'same', inputShape: [6, 8, 2] }),
      batchNormalization({ name: 'bn1' }),
      conv2d({ name: 'conv2', filters: 4, kernelSize: 3 }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ name: 'fc1', units: 5 }),
      dense({ name: 'fc2', units: 3 }),
    ],
  });
  try {
    expect(loadStateDict(model, readStateDict(bytes)).assignments).toHaveLength(12);
  } finally {
    model.dispose();
  }
}

const torch = (name: string): DamagedFile => ({
  file: fixture(name),
  parse: readTensors,
  count: 2000,
  refused: 0.2,
});

const encode = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));

/** Damaged bytes as model.json, if they are JSON. */
function parseTfjs(bytes: Uint8Array): void {
  let json: ReturnType<typeof tfjsModelJson>;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return;
  }
  const { modelTopology, weightsManifest } = Object(json);
  const weightSpecs = weightsManifest?.[0]?.weights;
  if (!Array.isArray(weightSpecs)) return;
  const { model } = importTfjs({
    modelTopology,
    weightSpecs,
    weightData: tfjsWeightData().buffer as ArrayBuffer,
  });
  model.dispose();
}

/** A file of each kind that is read, by name. */
export const DAMAGED_MODEL_FILES: Readonly<Record<string, DamagedFile>> = {
  'a .keras file of Windows': keras('keras215-windows.keras'),
  'a file of Keras 1': keras('keras1.h5'),
  'a .weights.h5 file': keras('weights-only.weights.h5', { architecture }),
  'an .h5 file of weights': keras('weights-only-keras2.h5', { architecture }),
  'an architecture': {
    file: smallFile('architecture.json'),
    parse: async (bytes) => {
      const options = { architecture: new TextDecoder().decode(bytes) };
      const { model } = await importKeras(smallFile('weights-only.weights.h5'), options);
      model.dispose();
    },
    count: 2000,
    refused: 0.2,
  },
  'a state dict of PyTorch': torch('torch/zip.pth'),
  'a state dict of PyTorch before 1.6': torch('torch/old.pt'),
  'a checkpoint of PyTorch before 1.6': torch('torch/checkpoint-old.pth'),
  'a state dict that a model loads': {
    file: fixture('torch/zip.pth'),
    parse: loadInto,
    count: 2000,
    refused: 0.2,
  },
  'tensors of all types': torch('torch/types-old.pt'),
  'a safetensors file': { ...torch('3conv.safetensors'), count: 2000, refused: 0.2 },
  'a model.json of Keras 3': {
    file: encode(tfjsModelJson('keras3')),
    parse: parseTfjs,
    count: 2000,
    refused: 0,
  },
};
