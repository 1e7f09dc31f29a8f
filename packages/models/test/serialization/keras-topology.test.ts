import { isInputError } from '@convlens/core';
import { writeJson } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsDistance, tfjsModelJson, tfjsStore } from '../../../../test/support/tfjs/tfjs-folders.js';
import { loadModel } from '../../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

describe('loadModel opens a folder that the converter of TensorFlow.js made of a model of Keras 2', () => {
  it.each(['keras2', 'keras2-prefixed'])('%s, with the outputs of Keras', async (name) => {
    const { model } = await loadModel(await tfjsStore(name));
    expect(tfjsDistance(model)).toBeLessThan(1e-6);
    model.dispose();
  });

  it.each(['s', 'a/b', 'conv_net', 'Modell ü', 'model.1'])(
    'with the model name %j in front of all weights',
    async (name) => {
      const store = await tfjsStore('keras2');
      const json = structuredClone(tfjsModelJson('keras2')) as any; // eslint-disable-line @typescript-eslint/no-explicit-any
      json.modelTopology.model_config.config.name = name;
      for (const spec of json.weightsManifest[0].weights) spec.name = `${name}/${spec.name}`;
      await writeJson(store, 'model.json', json);
      const { model } = await loadModel(store);
      expect(tfjsDistance(model)).toBeLessThan(1e-6);
      model.dispose();
    },
  );

  it('but not with another name in front', async () => {
    const store = await tfjsStore('keras2');
    const json = structuredClone(tfjsModelJson('keras2-prefixed')) as any; // eslint-disable-line @typescript-eslint/no-explicit-any
    json.modelTopology.model_config.config.name = 'other';
    await writeJson(store, 'model.json', json);
    await expect(loadModel(store)).rejects.toThrow(
      /^Expected memory\/model\.json to describe a layers model/,
    );
  });
});

describe('loadModel refuses a model of Keras 3', () => {
  it.each(['keras3', 'keras3-prefixed'])('%s, with what opens it', async (name) => {
    const error: unknown = await loadModel(await tfjsStore(name)).catch((reason: unknown) => reason);
    expect(isInputError(error, 'keras-3')).toBe(true);
    expect((error as Error).message).toBe(
      'Expected memory/model.json to hold a model of Keras 2 or TensorFlow.js, got one of Keras 3: open it with importTfjs ' +
        'of @convlens/model-import',
    );
  });
});
