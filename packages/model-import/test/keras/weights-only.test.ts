import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { openHdf5 } from '../../src/hdf5/open-hdf5.js';
import { copyTree } from '../hdf5/copy-tree.js';
import { writeHdf5, type Group } from '../hdf5/write-hdf5.js';
import { distance, files, inputTensors, references, unzip } from '../reference.js';
import { smallDistance, smallFile } from '../small.js';

beforeAll(() => tf.setBackend('cpu'));

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const architecture = text(smallFile('architecture.json'));

/** The architecture and the weights of a .keras file, as two files. */
function splitArchive(name: string): { weights: Uint8Array; architecture: string } {
  const archive = unzip(files[`${name}.keras`]);
  return { weights: archive['model.weights.h5'], architecture: text(archive['config.json']) };
}

/** The architecture and the weights of an .h5 file. */
function splitLegacy(name: string, rename = (layer: string) => layer) {
  const root = openHdf5(files[name], name);
  const [config] = root.stringAttribute('model_config')!;
  const { children, attributes } = copyTree(root.child('model_weights')!, [
    'layer_names',
    'weight_names',
  ]) as Group;
  const names = [attributes!.layer_names].flat() as string[];
  const renamed = Object.fromEntries(Object.entries(children!).map(([key, child]) => [rename(key), child]));
  const weights = writeHdf5({ attributes: { layer_names: names.map(rename) }, children: renamed });
  return { weights, architecture: config };
}

function expectOutputs(model: tf.LayersModel, name: string) {
  tf.tidy(() => {
    const outputs = [model.predict(inputTensors(references[name])) as tf.Tensor | tf.Tensor[]].flat();
    outputs.forEach((output, i) => expect(distance(output, references[name].outputs[i])).toBeLessThan(1e-5));
  });
}

const NAMES = ['mnist-5x5', 'nested', 'multi-input', 'depthwise', 'zoo-1d', 'resnet20'];

describe('importKeras with an architecture beside a file of weights', () => {
  it.each(['weights-only.weights.h5', 'weights-only-keras2.h5'])(
    'gives the outputs of Keras: %s',
    async (name) => {
      for (const description of [architecture, JSON.parse(architecture) as object]) {
        const { model } = await importKeras(smallFile(name), { architecture: description });
        expect(smallDistance(model)).toBeLessThan(1e-6);
        model.dispose();
      }
    },
  );

  it.each(NAMES)('gives the outputs of Keras: the two parts of %s.keras', async (name) => {
    const { weights, architecture: description } = splitArchive(name);
    const { model } = await importKeras(weights, { architecture: description });
    expectOutputs(model, name);
    model.dispose();
  });

  it.each(NAMES.map((name) => `${name}.h5`))(
    'gives the outputs of Keras: the two parts of %s',
    async (name) => {
      const { weights, architecture: description } = splitLegacy(name);
      const { model } = await importKeras(weights, { architecture: description });
      expectOutputs(model, name.replace('.h5', ''));
      model.dispose();
    },
  );

  // "nested" holds models of both classes, which TensorFlow.js does not tell apart.
  it.each(['nested-classifier', ...NAMES.filter((name) => name !== 'nested')])(
    'sets the weights of a model: %s',
    async (name) => {
      const { weights, architecture: description } = splitArchive(name);
      const { model } = await importKeras(weights, { architecture: description });
      const zeros = model.getWeights().map((weight) => tf.zerosLike(weight));
      model.setWeights(zeros);
      tf.dispose(zeros);
      const before = tf.memory().numTensors;
      const loaded = await importKeras(weights, { architecture: model });
      expect(loaded.model).toBe(model);
      expect(tf.memory().numTensors).toBe(before);
      expectOutputs(model, name);
      model.dispose();
    },
  );

  it('finds layers that Keras numbered in another session', async () => {
    const original = 'keras-cifar10.h5';
    const { architecture: description } = splitLegacy(original);
    const shifted = JSON.parse(
      description.replace(/"name": "(conv2d|dense|batch_normalization)(?:_(\d+))?"/g, (_, base, n = -1) =>
        JSON.stringify(`${base}_${Number(n) + 7}`).replace(/^/, '"name": '),
      ),
    ) as object;
    expect(JSON.stringify(shifted)).not.toBe(JSON.stringify(JSON.parse(description)));
    const { weights } = splitLegacy(original);
    const { model } = await importKeras(weights, { architecture: shifted });
    expectOutputs(model, 'keras-cifar10');
    model.dispose();
  });

  it('finds the layers of a model of TensorFlow.js', async () => {
    const { conv2d, maxPooling2d, flatten, dense } = tf.layers;
    for (const name of ['weights-only.weights.h5', 'weights-only-keras2.h5', 'keras1.h5']) {
      const isKeras1 = name === 'keras1.h5';
      const model = tf.sequential({
        layers: [
          conv2d({
            name: isKeras1 ? 'convolution2d_1' : 'conv2d',
            filters: 3,
            kernelSize: 3,
            activation: 'relu',
            inputShape: [8, 8, 1],
          }),
          maxPooling2d({ name: 'max_pooling2d' }),
          flatten({ name: 'flatten' }),
          dense({ name: isKeras1 ? 'dense_1' : 'dense', units: 4, activation: 'softmax' }),
        ],
      });
      await importKeras(smallFile(name), { architecture: model });
      expect(smallDistance(model)).toBeLessThan(1e-6);
      model.dispose();
    }
  });
});

describe('importKeras refuses', () => {
  const open = (name: string, description?: string | object | tf.LayersModel) =>
    importKeras(smallFile(name), { fileName: 'a.h5', ...(description && { architecture: description }) });

  it.each(['weights-only.weights.h5', 'weights-only-keras2.h5'])(
    'weights without an architecture, with what to do: %s',
    async (name) => {
      await expect(open(name)).rejects.toThrow(
        /^Expected a\.h5 to hold a model with its architecture, found weights only \(.*\): pass the architecture too \(the option architecture, or --architecture model\.json\)$/,
      );
    },
  );

  it.each(['keras1.h5', 'keras3-backslash.keras'])('an architecture for a whole model: %s', async (name) => {
    await expect(open(name, architecture)).rejects.toThrow(
      'Expected no architecture for a.h5, which holds that of its model',
    );
  });

  it.each<[string, (json: string) => string, RegExp]>([
    [
      'other units',
      (json) => json.replace('"units": 4', '"units": 5'),
      /fit the layer "dense": kernel should be 27 x 5, .* is 27 x 4$/,
    ],
    [
      'a layer more',
      (json) => {
        const model = JSON.parse(json);
        const last = model.config.layers.at(-1);
        model.config.layers.push({ ...last, config: { ...last.config, name: 'dense_1' } });
        return JSON.stringify(model);
      },
      /fit the layer "dense_1": it needs kernel, found none$/,
    ],
    ['an architecture that is not JSON', () => '{', /^Expected the architecture of a\.h5 to be JSON/],
    ['an architecture without layers', () => '{}', /^Expected the config in a\.h5 to describe layers/],
  ])('%s, and leaves no tensor', async (_, change, message) => {
    const before = tf.memory().numTensors;
    for (const name of ['weights-only.weights.h5', 'weights-only-keras2.h5'])
      await expect(open(name, change(architecture))).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('weights that do not fit a model, and leaves it as it was', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ name: 'dense', units: 4, inputShape: [3] })] });
    const before = model.getWeights()[0].dataSync();
    await expect(open('weights-only-keras2.h5', model)).rejects.toThrow('kernel should be 3 x 4');
    expect(model.getWeights()[0].dataSync()).toEqual(before);
    model.dispose();
  });

  it('a file without weights of Keras', async () => {
    const bytes = writeHdf5({ children: { data: { shape: [2], values: [1, 2] } } });
    await expect(importKeras(bytes, { fileName: 'a.h5', architecture })).rejects.toThrow(
      'Expected a.h5 to hold weights of Keras, found data',
    );
  });
});
