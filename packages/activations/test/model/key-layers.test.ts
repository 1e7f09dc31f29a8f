import { resnet20 } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { keyLayers } from '../../src/index.js';
import { nestedModel, sequentialModel, sharedModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const summaryOf = (model: tf.LayersModel) =>
  keyLayers(model).map(({ kind, name, output }) => `${kind} ${name} -> ${output}`);

describe('keyLayers', () => {
  it('lists convolutions, pooling and dense layers, each with the layer of its output', () => {
    expect(summaryOf(sequentialModel())).toEqual([
      'convolution conv -> relu',
      'pooling pool -> pool',
      'convolution conv2 -> conv2',
      'dense scores -> scores',
    ]);
  });

  it('lists the layers of nested models, and each use of a shared layer', () => {
    expect(summaryOf(nestedModel())[0]).toBe('convolution features/conv -> features/relu');
    const shared = summaryOf(sharedModel()).filter((line) => line.includes('shared'));
    expect(shared).toEqual(['convolution shared:0 -> shared:0', 'convolution shared:1 -> shared:1']);
  });

  it('ends a residual branch before the sum, which belongs to several convolutions', () => {
    const model = resnet20({ seed: 1 });
    expect(summaryOf(model).slice(0, 3)).toEqual([
      'convolution conv1 -> relu1',
      'convolution conv2_1_1 -> relu2_1_1',
      'convolution conv2_1_2 -> bn2_1_2',
    ]);
    model.dispose();
  });

  it('includes separable and depthwise convolutions', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.separableConv2d({ name: 'separable', filters: 2, kernelSize: 3, inputShape: [8, 8, 3] }),
        tf.layers.depthwiseConv2d({ name: 'depthwise', kernelSize: 3 }),
        tf.layers.globalAveragePooling2d({ name: 'pool' } as never),
        tf.layers.dense({ name: 'dense', units: 4 }),
        tf.layers.leakyReLU({ name: 'leaky' }),
        tf.layers.dense({ name: 'logits', units: 2 }),
        tf.layers.softmax({ name: 'softmax' }),
      ],
    });
    expect(summaryOf(model)).toEqual([
      'convolution separable -> separable',
      'convolution depthwise -> depthwise',
      'pooling pool -> pool',
      'dense dense -> leaky',
      'dense logits -> logits',
    ]);
  });
});
