import { resnet20 } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { keyLayers } from '../../src/index.js';
import { nestedModel, sequentialModel, sharedModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const told = (model: tf.LayersModel) =>
  keyLayers(model).map(({ kind, name, output }) => `${kind} ${name} -> ${output}`);

describe('keyLayers', () => {
  it('are convolutions, pooling and dense layers, each with what to look at', () => {
    expect(told(sequentialModel())).toEqual([
      'convolution conv -> relu',
      'pooling pool -> pool',
      'convolution conv2 -> conv2',
      'dense scores -> scores',
    ]);
  });

  it('are found in nested models, and at each use of a shared layer', () => {
    expect(told(nestedModel())[0]).toBe('convolution features/conv -> features/relu');
    const shared = told(sharedModel()).filter((line) => line.includes('shared'));
    expect(shared).toEqual(['convolution shared:0 -> shared:0', 'convolution shared:1 -> shared:1']);
  });

  it('of a residual network end before the sum, which belongs to no convolution alone', () => {
    const model = resnet20({ seed: 1 });
    expect(told(model).slice(0, 3)).toEqual([
      'convolution conv1 -> relu1',
      'convolution conv2_1_1 -> relu2_1_1',
      'convolution conv2_1_2 -> bn2_1_2',
    ]);
    model.dispose();
  });

  it('count separable and depthwise convolutions in', () => {
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
    expect(told(model)).toEqual([
      'convolution separable -> separable',
      'convolution depthwise -> depthwise',
      'pooling pool -> pool',
      'dense dense -> leaky',
      'dense logits -> logits',
    ]);
  });
});
