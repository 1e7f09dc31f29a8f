import { isInputError, namedWeights, UNIT_RANGE } from '@convlens/core';
import { memoryStore, type BlobStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel, saveModel } from '../../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

const metadata = { preprocessing: UNIT_RANGE, classNames: ['a'] };

/** A model of one weight with two values. */
function modelOf(value: number): tf.LayersModel {
  const model = tf.sequential({
    layers: [tf.layers.dense({ name: 'dense', units: 1, useBias: false, inputShape: [2] })],
  });
  tf.tidy(() => model.setWeights([tf.fill([2, 1], value)]));
  return model;
}

async function save(store: BlobStore, value: number): Promise<void> {
  const model = modelOf(value);
  await saveModel(model, store, metadata).finally(() => model.dispose());
}

/** The value of the weight of a saved model. */
async function load(store: BlobStore): Promise<number> {
  const { model } = await loadModel(store);
  const [{ weight }] = namedWeights(model);
  const [value] = weight.read().dataSync();
  model.dispose();
  return value;
}

/** A store whose process is killed before its operation `at`, counted from 0. */
function killedStore(store: BlobStore, at: number): BlobStore {
  let count = 0;
  const orKill = () => {
    if (count++ >= at) throw new Error('killed');
  };
  return {
    ...store,
    write: async (name, bytes) => (orKill(), store.write(name, bytes)),
    remove: async (name) => (orKill(), store.remove(name)),
  };
}

describe('a save that is killed', () => {
  it.each([0, 1, 2, 3])(
    'before operation %i of a replacement leaves the old model or the new one',
    async (at) => {
      const store = memoryStore();
      await save(store, 1);
      await expect(save(killedStore(store, at), 2)).rejects.toThrow('killed');
      expect(await load(store)).toBe(at < 2 ? 1 : 2);
      await save(store, 2);
      expect(await load(store)).toBe(2);
      expect(await store.list()).toEqual(['model.json', 'weights.bin']);
    },
  );

  it.each([0, 1])('before operation %i in a new folder leaves no model', async (at) => {
    const store = memoryStore();
    await expect(save(killedStore(store, at), 2)).rejects.toThrow('killed');
    await expect(load(store)).rejects.toThrow('Expected model.json');
    await save(store, 2);
    expect(await store.list()).toEqual(['model.json', 'weights.bin']);
  });

  it.each([0, 1, 2, 3, 4])('is followed by another model that is killed before operation %i', async (at) => {
    const store = memoryStore();
    await save(store, 1);
    // model.json is that of the second model, weights.bin that of the first.
    await expect(save(killedStore(store, 2), 2)).rejects.toThrow('killed');
    await expect(save(killedStore(store, at), 3)).rejects.toThrow('killed');
    expect(await load(store)).toBe(at < 3 ? 2 : 3);
  });

  it('leaves weights that are not taken for those of a damaged model', async () => {
    const store = memoryStore();
    await save(store, 1);
    await expect(save(killedStore(store, 1), 2)).rejects.toThrow('killed');
    const weights = (await store.read('weights.bin'))!.slice();
    weights[0] ^= 1;
    await store.write('weights.bin', weights);
    await expect(load(store)).rejects.toThrow('the file is damaged');
    await save(store, 3);
    expect(await load(store)).toBe(3);
  });
});

describe('loadModel while another process saves', () => {
  /** A store in which another process saves a model before the read number `at`. */
  function changingStore(store: BlobStore, at: number): BlobStore {
    let reads = 0;
    return {
      ...store,
      async read(name) {
        if (reads++ === at) await save(store, 2);
        return store.read(name);
      },
    };
  }

  it.each([0, 1, 2, 3])('reads one of the two models if it is replaced before read %i', async (at) => {
    const store = memoryStore();
    await save(store, 1);
    expect(await load(changingStore(store, at))).toBe(at < 2 ? 2 : 1);
  });

  it('does not read a damaged model for ever', async () => {
    const store = memoryStore();
    await save(store, 1);
    await store.write('weights.bin', new Uint8Array(8));
    const error = await load(store).catch((reason) => reason);
    expect(isInputError(error)).toBe(true);
  });
});
