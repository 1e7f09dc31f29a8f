import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { buildModel, formatSummary, resnet20, summarizeModel } from '../src/index.js';

function nested(): tf.LayersModel {
  const inner = tf.sequential({ name: 'inner' });
  inner.add(tf.layers.conv2d({ name: 'conv', filters: 2, kernelSize: 3, inputShape: [8, 8, 1] }));
  inner.add(tf.layers.batchNormalization({ name: 'bn' }));
  const input = tf.input({ name: 'image', shape: [8, 8, 1] });
  const [left, right] = [input, input].map((tensor) => inner.apply(tensor) as tf.SymbolicTensor);
  const sum = tf.layers.add({ name: 'sum' }).apply([left, right]) as tf.SymbolicTensor;
  return tf.model({ name: 'twice', inputs: input, outputs: sum });
}

/** A model of two layers side by side. */
function base(name: string, channels = 1): tf.LayersModel {
  const input = tf.input({ name: `${name}_in`, shape: [4, 4, channels] });
  const sides = ['left', 'right'].map(
    (side) => tf.layers.dense({ name: side, units: 1 }).apply(input) as tf.SymbolicTensor,
  );
  const joined = tf.layers.concatenate({ name: 'joined' }).apply(sides) as tf.SymbolicTensor;
  return tf.model({ name, inputs: input, outputs: joined });
}

describe('summarizeModel', () => {
  it('counts the weights of a nested model once if it is applied twice', () => {
    const model = nested();
    const summary = summarizeModel(model);
    expect(summary).toMatchObject({ name: 'twice', parameters: 28, trainableParameters: 24 });
    expect(summary.layers).toEqual([
      {
        name: 'image',
        className: 'InputLayer',
        outputShape: [8, 8, 1],
        parameters: 0,
        trainableParameters: 0,
        inputs: [],
      },
      {
        name: 'inner',
        className: 'Sequential',
        outputShape: [6, 6, 2],
        parameters: 28,
        trainableParameters: 24,
        inputs: ['image', 'image'],
        nestedLayers: 2,
      },
      {
        name: 'inner/conv',
        className: 'Conv2D',
        outputShape: [6, 6, 2],
        parameters: 20,
        trainableParameters: 20,
        inputs: ['image', 'image'],
      },
      {
        name: 'inner/bn',
        className: 'BatchNormalization',
        outputShape: [6, 6, 2],
        parameters: 8,
        trainableParameters: 4,
        inputs: ['inner/conv'],
      },
      {
        name: 'sum',
        className: 'Add',
        outputShape: [6, 6, 2],
        parameters: 0,
        trainableParameters: 0,
        inputs: ['inner/bn', 'inner/bn'],
      },
    ]);
    model.dispose();
  });

  it.each<[string, () => tf.LayersModel, Record<string, string[]>]>([
    [
      'a Sequential that begins with a model',
      () => tf.sequential({ layers: [base('base'), tf.layers.flatten({ name: 'flat' })] }),
      {
        base: [],
        'base/base_in': [],
        'base/left': ['base/base_in'],
        'base/right': ['base/base_in'],
        'base/joined': ['base/left', 'base/right'],
        flat: ['base/joined'],
      },
    ],
    [
      'a model within a model within a model',
      () => {
        const middle = tf.sequential({ name: 'middle' });
        middle.add(tf.layers.reLU({ name: 'before', inputShape: [4, 4, 1] }));
        middle.add(base('base'));
        const outer = tf.sequential({ name: 'outer' });
        outer.add(tf.layers.reLU({ name: 'first', inputShape: [4, 4, 1] }));
        outer.add(middle);
        return outer;
      },
      {
        first: ['first_input'],
        middle: ['first'],
        'middle/before': ['first'],
        'middle/base': ['middle/before'],
        'middle/base/left': ['middle/before'],
        'middle/base/right': ['middle/before'],
        'middle/base/joined': ['middle/base/left', 'middle/base/right'],
      },
    ],
    [
      'a model with two inputs, called on layers in another order',
      () => {
        const [a, b] = ['a', 'b'].map((name) => tf.input({ name, shape: [2] }));
        const dense = tf.layers.dense({ name: 'dense', units: 2 }).apply(a) as tf.SymbolicTensor;
        const sum = tf.layers.add({ name: 'sum' }).apply([dense, b]) as tf.SymbolicTensor;
        const inner = tf.model({ name: 'inner', inputs: [a, b], outputs: sum });
        const [x, y] = ['x', 'y'].map((name) => tf.input({ name, shape: [2] }));
        return tf.model({ inputs: [x, y], outputs: inner.apply([y, x]) as tf.SymbolicTensor });
      },
      {
        x: [],
        y: [],
        inner: ['y', 'x'],
        'inner/dense': ['y'],
        'inner/sum': ['inner/dense', 'x'],
      },
    ],
    [
      'two models with layers of the same names',
      () => tf.sequential({ layers: [base('one'), base('two', 2)] }),
      {
        one: [],
        'one/one_in': [],
        'one/left': ['one/one_in'],
        'one/right': ['one/one_in'],
        'one/joined': ['one/left', 'one/right'],
        two: ['one/joined'],
        'two/left': ['one/joined'],
        'two/right': ['one/joined'],
        'two/joined': ['two/left', 'two/right'],
      },
    ],
  ])('lists the layers of nested models after them, with their inputs: %s', (_, build, expected) => {
    const model = build();
    const { layers, parameters } = summarizeModel(model);
    const actual = Object.fromEntries(layers.map(({ name, inputs }) => [name, inputs]));
    // The input layer of a Sequential has a number.
    const text = JSON.stringify(actual).replaceAll(/\w+_input/g, 'first_input');
    expect(JSON.parse(text)).toEqual(expected);
    for (const [i, { name, nestedLayers, parameters: sum }] of layers.entries()) {
      const inside = layers.filter((layer) => layer.name.startsWith(`${name}/`));
      expect(nestedLayers ?? 0).toBe(inside.length);
      expect(layers.slice(i + 1, i + 1 + inside.length)).toEqual(inside);
      const leaves = inside.filter((layer) => layer.nestedLayers === undefined);
      if (inside.length > 0) expect(leaves.reduce((total, layer) => total + layer.parameters, 0)).toBe(sum);
    }
    const leaves = layers.filter(({ nestedLayers }) => nestedLayers === undefined);
    expect(leaves.reduce((total, layer) => total + layer.parameters, 0)).toBe(parameters);
    model.dispose();
  });

  it('does not count frozen weights as trainable', () => {
    const model = buildModel('shapes-3conv');
    model.getLayer('fc1').trainable = false;
    const { parameters, trainableParameters, layers } = summarizeModel(model);
    expect(parameters - trainableParameters).toBe(layers.find(({ name }) => name === 'fc1')!.parameters);
    model.dispose();
  });

  it('survives structuredClone', () => {
    const model = resnet20();
    const summary = summarizeModel(model);
    expect(structuredClone(summary)).toEqual(summary);
    model.dispose();
  });
});

describe('formatSummary', () => {
  it('writes one line per layer and the totals', () => {
    const model = nested();
    expect(formatSummary(summarizeModel(model))).toBe(
      [
        'layer       class               output     parameters',
        '----------  ------------------  ---------  ----------',
        'image       InputLayer          8 x 8 x 1           0',
        'inner       Sequential          6 x 6 x 2          28',
        'inner/conv  Conv2D              6 x 6 x 2          20',
        'inner/bn    BatchNormalization  6 x 6 x 2           8',
        'sum         Add                 6 x 6 x 2           0',
        '',
        '28 parameters, 24 of them trainable',
      ].join('\n'),
    );
    model.dispose();
  });
});
