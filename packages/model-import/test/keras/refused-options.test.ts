import * as tf from '@tensorflow/tfjs';
import { strToU8, zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { addWeight, type Shape } from '../../src/layers/keras-layer.js';
import { files, unzip } from '../reference.js';

beforeAll(() => tf.setBackend('cpu'));

type Json = Readonly<Record<string, unknown>>;

const archive = unzip(files['mnist-5x5.keras']);
const input = { class_name: 'InputLayer', config: { name: 'in', batch_shape: [null, 6, 6, 2] } };
const sequential = (name: string, layers: readonly unknown[]) => ({
  class_name: 'Sequential',
  config: { name, layers },
});

/** Imports a file with this config; its weights are of another model. */
const importConfig = (config: unknown) =>
  importKeras(zipSync({ ...archive, 'config.json': strToU8(JSON.stringify(config)) }), {
    fileName: 'a.keras',
  });
const importLayer = (className: string, config: Json) =>
  importConfig(sequential('model', [input, { class_name: className, config: { name: 'x', ...config } }]));

const CONVOLUTION = { filters: 3, kernel_size: [3, 3], padding: 'same' };
const title = (className: string) =>
  `Expected a.keras to contain only supported layers, got layer "x" of class ${className} with`;

describe('an option of a Keras layer is refused by its name', () => {
  it.each<[string, string, Json, string]>([
    [
      'channels first',
      'Conv2D',
      { ...CONVOLUTION, data_format: 'channels_first' },
      'data_format "channels_first"; convert the model to "channels_last"',
    ],
    [
      'channels first',
      'MaxPooling2D',
      { data_format: 'channels_first' },
      'data_format "channels_first"; convert the model to "channels_last"',
    ],
    [
      'no kernel',
      'Conv2D',
      { ...CONVOLUTION, kernel_size: [0, 3] },
      'kernel_size [0,3], which is not 1 to 2 integers >= 1',
    ],
    [
      'a fraction of a kernel',
      'Conv2D',
      { ...CONVOLUTION, kernel_size: 1.5 },
      'kernel_size 1.5, which is not 1 to 2 integers >= 1',
    ],
    [
      'three sides',
      'Conv2D',
      { ...CONVOLUTION, kernel_size: [3, 3, 3] },
      'kernel_size [3,3,3], which is not 1 to 2 integers >= 1',
    ],
    [
      'no side',
      'Conv2D',
      { ...CONVOLUTION, kernel_size: [] },
      'kernel_size [], which is not 1 to 2 integers >= 1',
    ],
    ['no stride', 'Conv2D', { ...CONVOLUTION, strides: 0 }, 'strides 0, which is not 1 to 2 integers >= 1'],
    ['no filters', 'Conv2D', { ...CONVOLUTION, filters: 0 }, 'filters 0, which is not an integer >= 1'],
    ['no units', 'Dense', { units: 0 }, 'units 0, which is not an integer >= 1'],
    ['another padding', 'Conv2D', { ...CONVOLUTION, padding: 'full' }, 'padding "full", which is none of'],
    [
      'text for a switch',
      'Conv2D',
      { ...CONVOLUTION, use_bias: 'yes' },
      'use_bias "yes", which is neither true nor false',
    ],
    ['text for a number', 'Dropout', { rate: 'half' }, 'rate "half", which is not a number'],
    [
      'an unknown activation',
      'Conv2D',
      { ...CONVOLUTION, activation: 'relo' },
      'the unknown activation "relo"',
    ],
  ])('%s of %s', async (_, className, config, message) => {
    await expect(importLayer(className, config)).rejects.toThrow(`${title(className)} ${message}`);
  });
});

describe('a malformed description of a layer is refused with the text that was found', () => {
  it.each<[string, unknown, string]>([
    ['a number', 7, '7'],
    ['null', null, 'null'],
    ['no class', { config: { name: 'x' } }, '{"config":{"name":"x"}}'],
    ['no config', { class_name: 'Dense' }, '{"class_name":"Dense"}'],
    [
      'an empty name',
      { class_name: 'Dense', config: { name: '' } },
      '{"class_name":"Dense","config":{"name":""}}',
    ],
  ])('%s', async (_, layer, found) => {
    await expect(importConfig(sequential('model', [input, layer]))).rejects.toThrow(
      `Expected the config in a.keras to describe layers by class_name, config and name, got ${found}`,
    );
  });
});

describe('nested models', () => {
  /** A Sequential that holds `depth` more, one in the other. */
  const nested = (depth: number): object =>
    sequential(`model${depth}`, [
      ...(depth === 0 ? [input, { class_name: 'Flatten', config: { name: 'flat' } }] : [nested(depth - 1)]),
    ]);

  it('are imported 32 deep', async () => {
    const { model } = await importConfig(nested(32));
    expect(model.outputs[0].shape).toEqual([null, 72]);
    model.dispose();
  });

  it('are refused 33 deep', async () => {
    await expect(importConfig(nested(33))).rejects.toThrow('Expected a.keras to nest models at most 32 deep');
  });
});

it('a weight of an own layer is 0 until the file is read', () => {
  class Own extends tf.layers.Layer {
    static className = 'Own';
    weight?: tf.LayerVariable;
    override build(_: Shape | Shape[]) {
      this.weight = addWeight(this, 'weight', { shape: [3] });
    }
    override call(x: tf.Tensor | tf.Tensor[]) {
      return x;
    }
  }
  const layer = new Own({});
  tf.tidy(() => void layer.apply(tf.zeros([1, 3])));
  expect([...layer.weight!.read().dataSync()]).toEqual([0, 0, 0]);
  expect(layer.trainableWeights).toHaveLength(1);
});
