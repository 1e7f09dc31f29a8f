import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import { resnet20 } from '@convlens/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { findLayer, layerNames } from '../../src/index.js';
import { goldenModel } from '../golden-model.js';
import { nestedModel, sequentialModel, sharedModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

describe('layerNames', () => {
  it('lists layers in execution order, those of nested models with the name of the model as a prefix', () => {
    const inner = ['features/conv', 'features/norm', 'features/relu', 'features/dropout', 'features'];
    const names = [...inner, 'pool', 'conv2', 'flatten', 'scores'];
    expect(layerNames(nestedModel())).toEqual(names);
    expect(layerNames(nestedModel({ begins: true }))).toEqual(names);
  });

  it('numbers the uses of a shared layer', () => {
    const names = ['first', 'shared:0', 'merged', 'shared:1', 'mean', 'scores'];
    expect(layerNames(sharedModel())).toEqual(names);
  });

  it('numbers the uses of a nested model and of its layers', () => {
    const inner = tf.sequential({
      name: 'inner',
      layers: [tf.layers.dense({ name: 'dense', units: 2, inputShape: [2] })],
    });
    const input = tf.input({ shape: [2] });
    const output = inner.apply(inner.apply(input)) as tf.SymbolicTensor;
    const names = layerNames(tf.model({ inputs: input, outputs: output }));
    expect(names).toEqual(['inner/dense:0', 'inner:0', 'inner/dense:1', 'inner:1']);
  });

  it('names a use of a layer by the model that it is used in', () => {
    const dense = tf.layers.dense({ name: 'dense', units: 2, inputShape: [2] });
    const inner = tf.sequential({ name: 'inner', layers: [dense] });
    const input = tf.input({ shape: [2] });
    const output = inner.apply(dense.apply(input)) as tf.SymbolicTensor;
    expect(layerNames(tf.model({ inputs: input, outputs: output }))).toEqual([
      'dense',
      'inner/dense',
      'inner',
    ]);
  });

  it('explains how to fix two copies of TensorFlow.js', () => {
    const require = createRequire(createRequire(import.meta.url).resolve('@tensorflow/tfjs'));
    const file = require.resolve('@tensorflow/tfjs-layers');
    const cached = require.cache[file];
    delete require.cache[file];
    try {
      const copy = require('@tensorflow/tfjs-layers') as typeof tf;
      const model = copy.sequential({
        layers: [copy.layers.dense({ name: 'elsewhere', units: 1, inputShape: [1] })],
      });
      expect(() => layerNames(model)).toThrow('two copies of TensorFlow.js are loaded: run npm dedupe');
    } finally {
      require.cache[file] = cached;
    }
  });

  it('refuses a value that is no model, and channelsFirst', () => {
    expect(() => layerNames(3 as never)).toThrow('Expected model to be a tf.LayersModel, got Number');
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          name: 'conv',
          filters: 1,
          kernelSize: 1,
          inputShape: [3, 8, 8],
          dataFormat: 'channelsFirst',
        }),
      ],
    });
    expect(() => layerNames(model)).toThrow('got channelsFirst in layer conv');
  });
});

describe('findLayer', () => {
  it('finds a layer by its name', () => expect(findLayer(sequentialModel(), 'pool')).toBe('pool'));

  it('includes the batch normalization and the activation after a convolution', () => {
    const model = sequentialModel();
    expect(findLayer(model, 'first-conv')).toBe('relu');
    expect(findLayer(model, 'last-conv')).toBe('conv2');
    expect(findLayer(goldenModel(), 'last-conv')).toBe('res_relu');
    expect(findLayer(nestedModel(), 'first-conv')).toBe('features/relu');
    expect(findLayer(sharedModel(), 'last-conv')).toBe('shared:1');
  });

  it('takes the activation after the last sum of a residual network', () => {
    for (const shortcut of ['pad', 'projection'] as const) {
      const model = resnet20({ seed: 1, shortcut });
      expect(findLayer(model, 'last-conv')).toBe('relu4_3_2');
      expect(findLayer(model, 'first-conv')).toBe('relu1');
      model.dispose();
    }
  });

  it('takes the convolution itself before a sum without an activation', () => {
    const input = tf.input({ shape: [8, 8, 3] });
    const conv = tf.layers.conv2d({ name: 'conv', filters: 3, kernelSize: 1 }).apply(input);
    const norm = tf.layers.batchNormalization({ name: 'norm' }).apply(conv);
    const sum = tf.layers.add().apply([input, norm] as tf.SymbolicTensor[]);
    const output = tf.layers.globalAveragePooling2d({} as never).apply(sum) as tf.SymbolicTensor;
    expect(findLayer(tf.model({ inputs: input, outputs: output }), 'last-conv')).toBe('norm');
  });

  it('takes the last convolution of the longest path, not that of a shortcut that was added later', () => {
    const input = tf.input({ shape: [8, 8, 3] });
    const conv = (name: string) => tf.layers.conv2d({ name, filters: 2, kernelSize: 1 });
    const main = conv('main2').apply(conv('main1').apply(input)) as tf.SymbolicTensor;
    const short = conv('short').apply(input) as tf.SymbolicTensor;
    const output = tf.layers.add().apply([main, short]) as tf.SymbolicTensor;
    expect(findLayer(tf.model({ inputs: input, outputs: output }), 'last-conv')).toBe('main2');
  });

  it('lists the names if there is no such layer', () => {
    const names = 'conv, norm, relu, dropout, pool, conv2, flatten, scores, first-conv, last-conv';
    expect(() => findLayer(sequentialModel(), 'cnov')).toThrow(
      `Expected layer to be one of ${names}, got "cnov"`,
    );
    const dense = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    expect(() => findLayer(dense, 'last-conv')).toThrow(/Expected a model with a 2D convolution/);
  });
});
