import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { kernels } from '../../src/index.js';
import { nestedModel, sequentialModel, sharedModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

describe('kernels', () => {
  it('returns the kernels of a convolution in the layout of the layer', async () => {
    const model = sequentialModel();
    const bank = await kernels(model);
    const values = model.getLayer('conv').getWeights()[0].dataSync();
    expect(bank).toMatchObject({ layer: 'conv', height: 3, width: 3, inChannels: 3, filters: 4 });
    expect([...bank.values]).toEqual([...values]);
    expect(await kernels(nestedModel(), { layer: 'features/conv' })).toMatchObject({
      layer: 'features/conv',
    });
    expect(await kernels(sharedModel(), { layer: 'last-conv' })).toMatchObject({ layer: 'shared:1' });
  });

  it('returns one filter of one channel per output channel of a depthwise convolution', async () => {
    const depthwise = tf.layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, inputShape: [4, 4, 3] });
    const model = tf.sequential({ layers: [depthwise] });
    expect(await kernels(model)).toMatchObject({ inChannels: 1, filters: 6 });
  });

  it('lists the convolutions if the layer is not one', async () => {
    await expect(kernels(sequentialModel(), { layer: 'pool' })).rejects.toThrow(
      'Expected layer to be one of the 2D convolutions conv, conv2, got pool',
    );
    const separable = tf.layers.separableConv2d({
      name: 'sep',
      filters: 2,
      kernelSize: 2,
      inputShape: [4, 4, 3],
    });
    await expect(kernels(tf.sequential({ layers: [separable] }))).rejects.toThrow(
      'Expected layer to be one of the 2D convolutions (there are none), got sep',
    );
  });
});
