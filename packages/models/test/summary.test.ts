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
      },
      {
        name: 'sum',
        className: 'Add',
        outputShape: [6, 6, 2],
        parameters: 0,
        trainableParameters: 0,
        inputs: ['inner', 'inner'],
      },
    ]);
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
        'layer  class       output     parameters',
        '-----  ----------  ---------  ----------',
        'image  InputLayer  8 x 8 x 1           0',
        'inner  Sequential  6 x 6 x 2          28',
        'sum    Add         6 x 6 x 2           0',
        '',
        '28 parameters, 24 of them trainable',
      ].join('\n'),
    );
    model.dispose();
  });
});
