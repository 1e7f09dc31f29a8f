import { IDENTITY } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import { loadModel, saveModel } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras, registerKerasLayers } from '../src/index.js';
import { files, inputTensors, references } from './reference.js';

beforeAll(() => tf.setBackend('cpu'));

const flat = (outputs: tf.Tensor | tf.Tensor[]) => [outputs].flat().flatMap((y) => [...y.dataSync()]);

describe('an imported model that is saved', () => {
  it.each(['zoo', 'zoo-1d', 'merges', 'activations', 'resnet20', 'depthwise'])(
    'predicts the same when it is loaded again: %s',
    async (name) => {
      const { model } = await importKeras(files[`${name}.keras`]);
      const store = memoryStore();
      await saveModel(model, store, { preprocessing: IDENTITY, classNames: [] });
      registerKerasLayers();
      const { model: loaded } = await loadModel(store);
      const predictions = [model, loaded].map((one) =>
        tf.tidy(() => flat(one.predict(inputTensors(references[name])) as tf.Tensor | tf.Tensor[])),
      );
      expect(predictions[1]).toEqual(predictions[0]);
      model.dispose();
      loaded.dispose();
    },
  );
});

describe('importKeras', () => {
  it('says what acts in training only, and knows a model that reads pixels', async () => {
    const { model, notes } = await importKeras(files['zoo.keras']);
    expect(notes).toContainEqual(
      expect.stringMatching(/layer "random_flip" of class RandomFlip is read as the identity/),
    );
    model.dispose();
    const scaled = await importKeras(files['nested-classifier.keras']);
    expect(scaled.preprocessing).toEqual(IDENTITY);
    expect(scaled.model.getLayer('base').trainable).toBe(false);
    scaled.model.dispose();
    const plain = await importKeras(files['resnet20.keras']);
    expect(plain.preprocessing).toBeUndefined();
    plain.model.dispose();
  });

  it('takes layers of the caller by their class name', async () => {
    class Doubling extends tf.layers.Layer {
      static className = 'Flatttt';
      override computeOutputShape = (shape: tf.Shape) => [
        shape[0],
        (shape.slice(1) as number[]).reduce((a, b) => a * b, 1),
      ];
      override call = (x: tf.Tensor | tf.Tensor[]) => {
        const input = [x].flat()[0];
        return tf.mul(2, tf.reshape(input, [input.shape[0], -1]));
      };
    }
    const bytes = Buffer.from(files['mnist-5x5.h5']);
    bytes.write('"Flatttt"', bytes.indexOf('"Flatten"'));
    const { model } = await importKeras(new Uint8Array(bytes), { customLayers: [Doubling] });
    expect(model.layers.map((layer) => layer.getClassName())).toContain('Flatttt');
    model.dispose();
  });

  it('makes exactly the weights of the model as tensors', async () => {
    const before = tf.memory().numTensors;
    const { model } = await importKeras(files['nested-classifier.h5']);
    expect(tf.memory().numTensors).toBe(before + model.weights.length);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves to the caller, as TensorFlow.js does, the weights of a layer that is called twice', async () => {
    const plain = () => {
      const shared = tf.layers.dense({ units: 2 });
      const inputs = [tf.input({ shape: [3] }), tf.input({ shape: [3] })];
      const outputs = tf.layers.add().apply(inputs.map((input) => shared.apply(input) as tf.SymbolicTensor));
      return tf.model({ inputs, outputs: outputs as tf.SymbolicTensor });
    };
    for (const make of [plain, async () => (await importKeras(files['nested.h5'])).model]) {
      const before = tf.memory().numTensors;
      const model = await make();
      const weights = model.weights.map((weight) => weight.read());
      model.dispose();
      expect(tf.memory().numTensors).toBeGreaterThan(before);
      tf.dispose(weights.filter((weight) => !weight.isDisposed));
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});
