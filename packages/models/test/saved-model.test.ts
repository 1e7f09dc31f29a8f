import { memoryStore } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { buildModel, loadModel, saveModel } from '../src/index.js';

const metadata = {
  preprocessing: { scale: 1 / 255, mean: [0.5], std: [0.25] },
  classNames: ['disc', 'ring', 'square', 'star'],
};
const small = () => buildModel('shapes-3conv', { inputShape: [8, 8, 3], classes: 4, seed: 5 });
const predict = (model: tf.LayersModel) =>
  tf.tidy(() => [...(model.predict(tf.linspace(0, 1, 192).reshape([1, 8, 8, 3])) as tf.Tensor).dataSync()]);

describe('saveModel and loadModel', () => {
  it('give back the same predictions, the preprocessing and the class names', async () => {
    const [store, model] = [memoryStore(), small()];
    await saveModel(model, store, metadata);
    const loaded = await loadModel(store);
    expect(predict(loaded.model)).toEqual(predict(model));
    expect(loaded.preprocessing).toEqual(metadata.preprocessing);
    expect(loaded.classNames).toEqual(metadata.classNames);
    model.dispose();
    loaded.model.dispose();
  });

  it('write what plain tf.loadLayersModel reads', async () => {
    const [store, model] = [memoryStore(), small()];
    await saveModel(model, store, metadata);
    // The two files served as any web server would, through TensorFlow.js's own loader.
    const fetchFunc = async (url: string) =>
      new Response((await store.read(url.split('/').pop()!)) as BodyInit);
    const plain = await tf.loadLayersModel(
      tf.io.http('http://127.0.0.1/model.json', { fetchFunc: fetchFunc as typeof fetch }),
    );
    expect(predict(plain)).toEqual(predict(model));
    model.dispose();
    plain.dispose();
  });

  it('keep no tensor', async () => {
    const [store, model] = [memoryStore(), small()];
    const before = tf.memory().numTensors;
    await saveModel(model, store, metadata);
    (await loadModel(store)).model.dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

describe('loadModel refuses', () => {
  const broken = async (change: (store: ReturnType<typeof memoryStore>) => Promise<void>) => {
    const [store, model] = [memoryStore(), small()];
    await saveModel(model, store, metadata);
    model.dispose();
    await change(store);
    return loadModel(store);
  };

  it('a place without a model', () =>
    expect(loadModel(memoryStore())).rejects.toThrow(
      'Expected model.json in memory, found none: not a saved model',
    ));

  it('a model.json that is not one', async () => {
    const write = (text: string) =>
      broken((store) => store.write('model.json', new TextEncoder().encode(text)));
    await expect(write('{"a":')).rejects.toThrow('to be JSON');
    await expect(write('{"a":1}')).rejects.toThrow('found no modelTopology');
  });

  it('weights that are missing or not whole', async () => {
    await expect(broken((store) => store.remove('weights.bin'))).rejects.toThrow('Expected weights.bin');
    await expect(broken((store) => store.write('weights.bin', new Uint8Array(12)))).rejects.toThrow('got 12');
  });
});
