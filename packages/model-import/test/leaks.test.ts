import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { functionNames } from '../../../test/support/unknown-options.js';
import { tfjsModelJson, tfjsWeightData } from '../../../test/support/tfjs/tfjs-folders.js';
import * as api from '../src/index.js';
import { graphArtifacts } from './graph/graph-models.js';
import { files } from './reference.js';
import { smallFile } from './small.js';
import { joinSafetensors } from './pytorch/join-safetensors.js';

beforeAll(() => tf.setBackend('cpu'));

type Call = () => unknown;

const keras = (bytes: Uint8Array, options?: api.ImportKerasOptions) => async () =>
  (await api.importKeras(bytes, options)).model.dispose();

const edited = (name: string, text: string, replacement: string) => {
  const bytes = Buffer.from(files[name]);
  bytes.write(replacement, bytes.indexOf(text));
  return new Uint8Array(bytes);
};

const stateDict = new Uint8Array(readFileSync(new URL('fixtures/3conv.safetensors', import.meta.url)));
const torchFile = new Uint8Array(readFileSync(new URL('fixtures/torch/old.pt', import.meta.url)));
const architecture = new TextDecoder().decode(smallFile('architecture.json'));
const tfjsArtifacts = (): api.TfjsArtifacts => {
  const { modelTopology, weightsManifest } = tfjsModelJson('keras3');
  return {
    modelTopology,
    weightSpecs: [...weightsManifest[0].weights],
    weightData: tfjsWeightData().buffer as ArrayBuffer,
  };
};
const dense = () => tf.sequential({ layers: [tf.layers.dense({ name: 'd', units: 2, inputShape: [3] })] });
const withModel = (model: tf.LayersModel, call: (model: tf.LayersModel) => unknown) => {
  call(model);
  model.dispose();
};
const values = (shape: number[]) => ({ shape, values: new Float32Array(tf.util.sizeFromShape(shape)) });
const loadInto = (weight: number[]) => () => {
  const model = dense();
  try {
    api.loadStateDict(
      model,
      new Map([
        ['d.weight', values(weight)],
        ['d.bias', values([2])],
      ]),
    );
  } finally {
    model.dispose();
  }
};

/** Calls of each exported function that succeed, and calls that are refused at various depths. */
const CALLS: Readonly<Record<string, { readonly succeed: readonly Call[]; readonly fail: readonly Call[] }>> =
  {
    importKeras: {
      succeed: Object.keys(files)
        .filter((name) => /\.(keras|h5)$/.test(name))
        .map((name) => keras(files[name])),
      fail: [
        keras(new Uint8Array(3)),
        keras(files['nested.keras'].subarray(0, 5000)),
        keras(files['nested.keras'], { maxBytes: 10 }),
        keras(files['nested.h5'], { fileNames: 1 } as never),
        keras(edited('mnist-5x5.h5', '"Flatten"', '"Flattne"')),
        keras(edited('nested.h5', '"softmax"', '"softmix"')),
        keras(edited('nested-classifier.h5', '"units": ', '"unite": ')),
        keras(smallFile('weights-only.weights.h5')),
        keras(smallFile('keras1.h5'), { architecture: { layers: [] } }),
      ],
    },
    importGraphModel: {
      succeed: [async () => (await api.importGraphModel(graphArtifacts('plain'))).model.dispose()],
      fail: [
        () => api.importGraphModel({ ...graphArtifacts('plain'), weightSpecs: [] }),
        () => api.importGraphModel({ ...graphArtifacts('plain'), weightData: new ArrayBuffer(8) }),
        () => api.importGraphModel({ ...graphArtifacts('plain'), modelTopology: {} }),
        () =>
          api.importGraphModel(
            graphArtifacts('plain', ({ modelTopology }) => modelTopology.node.reverse().splice(0, 3)),
          ),
      ],
    },
    importTfjs: {
      succeed: [() => api.importTfjs(tfjsArtifacts()).model.dispose()],
      fail: [
        () => api.importTfjs({ ...tfjsArtifacts(), weightSpecs: [] }),
        () => api.importTfjs({ ...tfjsArtifacts(), weightData: new ArrayBuffer(8) }),
        () => api.importTfjs({ ...tfjsArtifacts(), modelTopology: {} }),
      ],
    },
    importArchitecture: {
      succeed: [() => api.importArchitecture(architecture).model.dispose()],
      fail: [
        () => api.importArchitecture('{'),
        () => api.importArchitecture(architecture.replace('"Dense"', '"Dence"')),
        () => api.importArchitecture(architecture.replace('"units": 4', '"units": 1e9')),
      ],
    },
    scalesPixels: {
      succeed: [() => withModel(dense(), api.scalesPixels)],
      fail: [() => api.scalesPixels({} as never)],
    },
    readStateDict: {
      succeed: [() => api.readStateDict(torchFile), () => api.readStateDict(stateDict)],
      fail: [
        () => api.readStateDict(torchFile.subarray(0, -100)),
        () => api.readStateDict(new Uint8Array(9)),
      ],
    },
    loadStateDict: { succeed: [loadInto([2, 3])], fail: [loadInto([3, 2]), loadInto([2])] },
    readSafetensors: {
      succeed: [() => api.readSafetensors(stateDict)],
      fail: [
        () => api.readSafetensors(stateDict.subarray(0, -1)),
        () => api.readSafetensors(joinSafetensors([])),
      ],
    },
    registerKerasLayers: { succeed: [() => api.registerKerasLayers()], fail: [] },
  };

describe('no tensor is left', () => {
  it('by any exported function: each has calls here', () => {
    expect(Object.keys(CALLS).sort()).toEqual(functionNames(api).sort());
  });

  it.each(Object.entries(CALLS))('by %s', async (_, { succeed, fail }) => {
    const before = tf.memory().numTensors;
    for (const [i, call] of succeed.entries()) {
      await call();
      expect([i, tf.memory().numTensors]).toEqual([i, before]);
    }
    for (const [i, call] of fail.entries()) {
      await expect(async () => call()).rejects.toHaveProperty('name', 'InputError');
      expect([i, tf.memory().numTensors]).toEqual([i, before]);
    }
  });
});
