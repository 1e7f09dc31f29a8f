import { randomAt } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { similarFilters } from '../../src/index.js';
import { filterKernels } from '../../src/filters/filter-kernels.js';
import { randomImages } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

/** A layer with seeded weights, and without a bias. */
function withWeights(layer: tf.layers.Layer, input: number[], seed: number): tf.layers.Layer {
  layer.build([null, ...input]);
  const random = randomAt(seed, 'kernels');
  tf.tidy(() =>
    layer.setWeights(
      layer.getWeights().map(({ shape, size }) =>
        tf.tensor(
          Array.from({ length: size }, () => random() - 0.5),
          shape,
        ),
      ),
    ),
  );
  return layer;
}

/** The largest difference of what a layer outputs from the convolution with the kernels that are read from it. */
async function differenceFromConvolution(layer: tf.layers.Layer, input: [number, number, number]) {
  const { values, filters } = await filterKernels(layer);
  const size = Math.sqrt(values.length / input[2] / filters);
  return tf.tidy(() => {
    const x = tf.randomUniform([2, ...input], 0, 1, 'float32', 3) as tf.Tensor4D;
    const kernel = tf.tensor4d(values, [size, size, input[2], filters]);
    const expected = tf.conv2d(x, kernel, 1, 'same');
    return tf.max(tf.abs(tf.sub(layer.apply(x) as tf.Tensor, expected))).dataSync()[0];
  });
}

const options = { padding: 'same', useBias: false } as const;

describe('the kernels of filters', () => {
  it.each<[string, number, () => tf.layers.Layer]>([
    ['a convolution', 3, () => tf.layers.conv2d({ filters: 4, kernelSize: 3, ...options })],
    [
      'a separable convolution',
      3,
      () => tf.layers.separableConv2d({ filters: 4, kernelSize: 3, ...options }),
    ],
    [
      'a separable convolution with a multiplier',
      2,
      () => tf.layers.separableConv2d({ filters: 5, kernelSize: 3, depthMultiplier: 3, ...options }),
    ],
    [
      'a separable convolution of one channel',
      1,
      () => tf.layers.separableConv2d({ filters: 2, kernelSize: 5, ...options }),
    ],
    ['a convolution of 1 x 1', 4, () => tf.layers.conv2d({ filters: 3, kernelSize: 1, ...options })],
  ])('of %s compute what the layer does', async (_, channels, create) => {
    const layer = withWeights(create(), [7, 7, channels], channels);
    expect(await differenceFromConvolution(layer, [7, 7, channels])).toBeLessThan(1e-6);
  });

  it.each([1, 2, 3])('of a transposed convolution have a filter for each output: %i', async (channels) => {
    const layer = tf.layers.conv2dTranspose({ filters: 4, kernelSize: 2, strides: 2, useBias: false });
    withWeights(layer, [3, 3, channels], 7);
    const { values, filters } = await filterKernels(layer);
    expect(filters).toBe(4);
    // One pixel of 1 in a channel is copied as the kernel of that channel.
    for (let channel = 0; channel < channels; channel++)
      tf.tidy(() => {
        const x = tf.tensor4d(
          Array.from({ length: channels }, (_, i) => Number(i === channel)),
          [1, 1, 1, channels],
        );
        const output = (layer.apply(x) as tf.Tensor4D).dataSync();
        const expected = Array.from(
          output,
          (_, i) => values[(Math.floor(i / 4) * channels + channel) * 4 + (i % 4)],
        );
        expect([...output]).toEqual(expected);
      });
  });

  it('of a depthwise convolution are one for each channel and multiplier', async () => {
    const layer = tf.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, useBias: false });
    withWeights(layer, [7, 7, 3], 8);
    const { values, filters } = await filterKernels(layer);
    expect([filters, values.length]).toEqual([6, 54]);
  });

  it('are compared for separable and transposed convolutions, through normalizations and pooling', async () => {
    const separable = tf.layers.separableConv2d({
      name: 'separable',
      filters: 3,
      kernelSize: 3,
      inputShape: [8, 8, 3],
    });
    const model = tf.sequential({
      layers: [
        separable,
        tf.layers.layerNormalization({ name: 'norm' }),
        tf.layers.zeroPadding2d({ name: 'pad' }),
        tf.layers.conv2dTranspose({ name: 'transposed', filters: 3, kernelSize: 2, strides: 2 }),
        tf.layers.globalAveragePooling2d({ name: 'pool' } as never),
        tf.layers.dense({ units: 3, activation: 'softmax' }),
      ],
    });
    for (const [layer, kernelLayer] of [
      ['separable', 'separable'],
      ['pad', 'separable'],
      ['transposed', 'transposed'],
      ['pool', 'transposed'],
    ])
      expect(await similarFilters(model, randomImages(6), { layer })).toMatchObject({ layer, kernelLayer });
    model.dispose();
  });
});
