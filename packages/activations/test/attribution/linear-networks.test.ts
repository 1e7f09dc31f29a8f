import * as tf from '@tensorflow/tfjs';
import { normal, randomAt, type Images } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { attributions, integratedGradients, saliency } from '../../src/index.js';
import { useBackend } from '../backends.js';

/*
 * Networks without a nonlinearity. Their scores are affine in the image, so that the gradient is an exact difference of
 * scores, and integrated gradients add up to the difference to the score of a black image (Sundararajan et al., 2017).
 */

const { layers } = tf;
const [height, width, channels] = [9, 7, 3];
const random = randomAt(5, 'linear networks');

const images: Images = {
  name: 'noise',
  pixels: Uint8Array.from({ length: height * width * channels }, () => Math.floor(256 * random())),
  count: 1,
  height,
  width,
  channels,
  classNames: ['a', 'b', 'c', 'd'],
};

const convolution = () => layers.conv2d({ filters: 4, kernelSize: 3 });

function network(...middle: tf.layers.Layer[]): tf.LayersModel {
  const model = tf.sequential();
  model.add(layers.inputLayer({ inputShape: [height, width, channels] }));
  for (const layer of [...middle, layers.flatten(), layers.dense({ units: 4 })]) model.add(layer);
  const values = randomAt(7, 'weights');
  tf.tidy(() =>
    model.setWeights(
      model.getWeights().map(({ shape, size }) =>
        tf.tensor(
          Array.from({ length: size }, () => normal(values) / 2),
          shape,
        ),
      ),
    ),
  );
  return model;
}

const averagePool = (poolSize: [number, number], strides: [number, number]) => () =>
  network(convolution(), layers.averagePooling2d({ poolSize, strides, padding: 'same' }));

const CLASS = 1;

function scoreOf(model: tf.LayersModel, pixels: ArrayLike<number>): number {
  return tf.tidy(() => {
    const x = tf.tensor(
      Float32Array.from(pixels, (level) => level / 255),
      [1, height, width, channels],
    );
    return (model.predict(x) as tf.Tensor).dataSync()[CLASS];
  });
}

const NETWORKS: Record<string, () => tf.LayersModel> = {
  'average pooling of 3x3 at strides 2, same': averagePool([3, 3], [2, 2]),
  'average pooling of 3x3, overlapping, same': averagePool([3, 3], [1, 1]),
  'average pooling of 2x2, same': averagePool([2, 2], [2, 2]),
  'average pooling of 2x4, same': averagePool([2, 4], [1, 3]),
  'average pooling of 5x5 at strides 3, same': averagePool([5, 5], [3, 3]),
  'a dilated convolution': () => network(layers.conv2d({ filters: 3, kernelSize: 3, dilationRate: 2 })),
  'a dilated convolution, same': () =>
    network(layers.conv2d({ filters: 3, kernelSize: [2, 3], dilationRate: [3, 2], padding: 'same' })),
  'a depthwise convolution': () => network(layers.depthwiseConv2d({ kernelSize: 3, strides: 2 })),
  'a depthwise convolution, dilated': () =>
    network(layers.depthwiseConv2d({ kernelSize: 3, dilationRate: 2, depthMultiplier: 2 })),
  'a separable convolution': () =>
    network(layers.separableConv2d({ filters: 3, kernelSize: 3, padding: 'same' })),
  'a separable convolution, dilated': () =>
    network(layers.separableConv2d({ filters: 3, kernelSize: 3, dilationRate: 2 })),
  'a transposed convolution': () =>
    network(layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' })),
  'nearest upsampling': () => network(layers.upSampling2d({ size: [2, 3] })),
  'bilinear upsampling': () =>
    network(layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }), convolution()),
  'a center crop': () => network(convolution(), layers.centerCrop({ height: 5, width: 3 })),
};

describe.each(['cpu', 'simd', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(Object.entries(NETWORKS))('%s', (_, build) => {
    it('has integrated gradients that add up to the difference of scores', async () => {
      const model = build();
      const [{ values }] = await integratedGradients(model, images, { target: CLASS, steps: 2 });
      const sum = values.reduce((total, value) => total + value, 0);
      const expected = scoreOf(model, images.pixels) - scoreOf(model, new Float32Array(images.pixels.length));
      expect(Math.abs(sum - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(1e-4);
      model.dispose();
    });

    it('has a gradient that equals differences of scores', async () => {
      const model = build();
      const [{ values }] = await attributions(model, images, { target: CLASS });
      const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      for (const position of [0, 40, 88, 131, 188]) {
        const difference = [0, 255].map((level) => {
          const pixels = Float32Array.from(images.pixels);
          pixels[position] = level;
          return scoreOf(model, pixels);
        });
        expect(Math.abs(values[position] - (difference[1] - difference[0])) / largest).toBeLessThan(1e-4);
      }
      model.dispose();
    });
  });

  it('the gradient of a thresholded ReLU passes where the threshold is exceeded', async () => {
    const build = (theta: number) => network(convolution(), layers.thresholdedReLU({ theta }));
    const [open, closed, half] = await Promise.all(
      [-1e6, 1e6, 0.2].map(
        async (theta) => (await saliency(build(theta), images, { target: CLASS }))[0].values,
      ),
    );
    const [linear] = await saliency(network(convolution()), images, { target: CLASS });
    open.forEach((value, i) => expect(value).toBeCloseTo(linear.values[i], 4));
    expect(closed.every((value) => value === 0)).toBe(true);
    expect(half.every(Number.isFinite) && half.some((value) => value !== 0)).toBe(true);
  });
});
