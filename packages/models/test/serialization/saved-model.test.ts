import { InputError } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildModel, loadModel, architectureNames, saveModel } from '../../src/index.js';

beforeAll(() => tf.setBackend('wasm'));

const metadata = {
  preprocessing: { scale: 1 / 255, mean: [0.5], std: [0.25] },
  classNames: ['disc', 'ring', 'square', 'star'],
};
const small = () => buildModel('shapes-3conv', { inputShape: [8, 8, 3], classes: 4, seed: 5 });
const predict = (model: tf.LayersModel) =>
  tf.tidy(() => [...(model.predict(tf.linspace(0, 1, 192).reshape([1, 8, 8, 3])) as tf.Tensor).dataSync()]);

describe('saveModel and loadModel', () => {
  it('preserve the channel order of the preprocessing', async () => {
    const store = memoryStore();
    const model = tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [2, 2, 3] }), tf.layers.dense({ units: 4 })],
    });
    const preprocessing = { ...metadata.preprocessing, channelOrder: 'bgr' } as const;
    await saveModel(model, store, { ...metadata, preprocessing });
    expect((await loadModel(store)).preprocessing).toEqual(preprocessing);
    await expect(
      saveModel(model, store, {
        ...metadata,
        preprocessing: { ...preprocessing, channelOrder: 'gbr' as never },
      }),
    ).rejects.toThrow(/one of rgb, bgr as .*preprocessing\.channelOrder, got "gbr"/);
  });

  it('preserve predictions, preprocessing and class names', async () => {
    const [store, model] = [memoryStore(), small()];
    await saveModel(model, store, metadata);
    const loaded = await loadModel(store);
    expect(predict(loaded.model)).toEqual(predict(model));
    expect(loaded.preprocessing).toEqual(metadata.preprocessing);
    expect(loaded.classNames).toEqual(metadata.classNames);
    model.dispose();
    loaded.model.dispose();
  });

  it('refuse a number of class names that is not that of the output units', async () => {
    const model = small();
    const saving = saveModel(model, memoryStore(), { ...metadata, classNames: ['disc', 'ring'] });
    await expect(saving).rejects.toThrow(
      new InputError('Expected classNames to be 4 names, as the model has 4 output units, got 2'),
    );
    model.dispose();
    const unit = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    for (const classNames of [[], ['value'], ['cat', 'dog']])
      await saveModel(unit, memoryStore(), { ...metadata, classNames });
    await expect(
      saveModel(unit, memoryStore(), { ...metadata, classNames: ['cat', 'dog', 'frog'] }),
    ).rejects.toThrow(
      new InputError('Expected classNames to be one or two names, as the model has 1 output unit, got 3'),
    );
    unit.dispose();
  });

  it.each(architectureNames)('write a model that plain tf.loadLayersModel reads: %s', async (name) => {
    const [store, model] = [memoryStore(), buildModel(name, { classes: 4, seed: 3 })];
    await saveModel(model, store, metadata);
    // The two files as from a web server, through the loader of TensorFlow.js.
    const fetchFunc = async (url: string) =>
      new Response((await store.read(url.split('/').pop()!)) as BodyInit);
    const plain = await tf.loadLayersModel(
      tf.io.http('http://127.0.0.1/model.json', { fetchFunc: fetchFunc as typeof fetch }),
    );
    const [, ...shape] = model.inputs[0].shape as number[];
    const predict = (predictor: tf.LayersModel) =>
      tf.tidy(() => {
        const image = tf.linspace(0, 1, shape[0] * shape[1] * shape[2]).reshape([1, ...shape]);
        return [...(predictor.predict(image) as tf.Tensor).dataSync()];
      });
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

  it('a store without a model', () =>
    expect(loadModel(memoryStore())).rejects.toThrow(
      'Expected model.json in memory, found none: not a saved model',
    ));

  it('a model.json without a model', async () => {
    const write = (text: string) =>
      broken((store) => store.write('model.json', new TextEncoder().encode(text)));
    await expect(write('{"a":')).rejects.toThrow('to be JSON');
    await expect(write('{"a":1}')).rejects.toThrow('to have modelTopology, found none');
  });

  it('weights that are missing or incomplete', async () => {
    await expect(broken((store) => store.remove('weights.bin'))).rejects.toThrow('Expected weights.bin');
    await expect(broken((store) => store.write('weights.bin', new Uint8Array(12)))).rejects.toThrow('got 12');
  });
});

/** A layer that TensorFlow.js does not have. The tests that need it unregistered are first. */
class Scale extends tf.layers.Layer {
  static readonly className = 'TestScale';
  readonly #factor: number;

  constructor({ factor, ...config }: { factor: number; name?: string }) {
    super(config);
    this.#factor = factor;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul(Array.isArray(inputs) ? inputs[0] : inputs, this.#factor);
  }

  override getConfig() {
    return { ...super.getConfig(), factor: this.#factor };
  }
}

describe('loadModel with custom layers', () => {
  const scaled = () => {
    const inner = tf.sequential({ name: 'inner', layers: [tf.layers.flatten({ inputShape: [8, 8, 3] })] });
    inner.add(new Scale({ name: 'times3', factor: 3 }));
    return tf.sequential({ layers: [inner, tf.layers.dense({ units: 4 })] });
  };
  const wrapped = () => {
    const layer = new Scale({ name: 'times3', factor: 3 });
    return tf.sequential({ layers: [tf.layers.timeDistributed({ layer, inputShape: [8, 3] })] });
  };

  it.each([
    ['inside a model', scaled],
    ['inside another layer', wrapped],
  ])('names the unknown class and its layer, %s', async (_, build) => {
    const [store, model] = [memoryStore(), build()];
    await saveModel(model, store, metadata);
    await expect(loadModel(store)).rejects.toThrow(
      new InputError(
        'Expected memory/model.json to hold layers of known classes, got layer "times3" of class "TestScale": pass that class in customLayers',
        { code: 'unknown-layer' },
      ),
    );
    model.dispose();
  });

  it('reads them with their classes in customLayers', async () => {
    const [store, model] = [memoryStore(), scaled()];
    await saveModel(model, store, metadata);
    const loaded = await loadModel(store, { customLayers: [Scale] });
    expect(predict(loaded.model)).toEqual(predict(model));
    model.dispose();
    loaded.model.dispose();
  });

  it('refuses a value that is not a layer class', async () => {
    class Nameless extends tf.layers.Layer {}
    for (const [value, name] of [
      [Nameless, 'Nameless'],
      [Map, 'Map'],
      ['TestScale', 'string'],
    ])
      await expect(loadModel(memoryStore(), { customLayers: [value as never] })).rejects.toThrow(
        new InputError(`Expected customLayers to be classes of layers with a static className, got ${name}`),
      );
  });
});
