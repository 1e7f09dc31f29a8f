import { IDENTITY } from '@convlens/core';
import { loadModel, saveModel } from '@convlens/models';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras, registerKerasLayers } from '../../src/index.js';
import { files, inputTensors, references } from '../reference.js';

beforeAll(() => tf.setBackend('cpu'));

function predictAll(model: tf.LayersModel, name: string): number[] {
  return tf.tidy(() => {
    const outputs = model.predict(inputTensors(references[name])) as tf.Tensor | tf.Tensor[];
    return [outputs].flat().flatMap((output) => [...output.dataSync()]);
  });
}

describe('an imported model that is saved', () => {
  it.each(['zoo', 'zoo-1d', 'merges', 'activations', 'resnet20', 'depthwise'])(
    'predicts the same after it is loaded: %s',
    async (name) => {
      const { model } = await importKeras(files[`${name}.keras`]);
      const store = memoryStore();
      await saveModel(model, store, { preprocessing: IDENTITY, classNames: [] });
      registerKerasLayers();
      const { model: loaded } = await loadModel(store);
      expect(predictAll(loaded, name)).toEqual(predictAll(model, name));
      model.dispose();
      loaded.dispose();
    },
  );
});

describe('importKeras', () => {
  it('warns about layers that only act in training', async () => {
    const { model, warnings } = await importKeras(files['zoo.keras']);
    expect(warnings).toContainEqual(
      expect.stringMatching(/layer "random_flip" of class RandomFlip is imported as the identity/),
    );
    model.dispose();
  });

  it('detects a model that scales pixels itself', async () => {
    const scaled = await importKeras(files['nested-classifier.keras']);
    expect(scaled.preprocessing).toEqual(IDENTITY);
    expect(scaled.model.getLayer('base').trainable).toBe(false);
    scaled.model.dispose();
    const plain = await importKeras(files['resnet20.keras']);
    expect(plain.preprocessing).toBeUndefined();
    plain.model.dispose();
  });

  it('uses layer classes of the caller by their class name', async () => {
    class DoublingFlatten extends tf.layers.Layer {
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
    const { model } = await importKeras(new Uint8Array(bytes), { customLayers: [DoublingFlatten] });
    expect(model.layers.map((layer) => layer.getClassName())).toContain('Flatttt');
    model.dispose();
  });

  it('leaves the weights of the model as the only new tensors', async () => {
    const before = tf.memory().numTensors;
    const { model } = await importKeras(files['nested-classifier.h5']);
    expect(tf.memory().numTensors).toBe(before + model.weights.length);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('frees the weights of a layer that is called twice, which TensorFlow.js keeps in a model of its own', async () => {
    const before = tf.memory().numTensors;
    const shared = tf.layers.dense({ units: 2 });
    const inputs = [tf.input({ shape: [3] }), tf.input({ shape: [3] })];
    const outputs = tf.layers.add().apply(inputs.map((input) => shared.apply(input) as tf.SymbolicTensor));
    const plain = tf.model({ inputs, outputs: outputs as tf.SymbolicTensor });
    plain.dispose();
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose(shared.weights.map((weight) => weight.read()));

    for (const name of ['nested.h5', 'nested.keras', 'nested-classifier.keras', 'multi-input.keras']) {
      const { model } = await importKeras(files[name]);
      model.dispose();
      expect([name, tf.memory().numTensors]).toEqual([name, before]);
    }
  });

  it('leaves a layer alone that the caller uses in another model', async () => {
    const before = tf.memory().numTensors;
    const { model } = await importKeras(files['mnist-5x5.keras']);
    const layer = model.layers.find(({ weights }) => weights.length > 0)!;
    const input = tf.input({ shape: (layer.inboundNodes[0].inputShapes[0] as number[]).slice(1) });
    const other = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
    model.dispose();
    expect(layer.weights.every((weight) => !weight.read().isDisposed)).toBe(true);
    other.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
