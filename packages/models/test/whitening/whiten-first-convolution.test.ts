import { randomAt, type ImageSet, type Preprocessing } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildModel, cifar10Fast, whitenFirstConvolution } from '../../src/index.js';

beforeAll(() => tf.setBackend('wasm'));

const preprocessing: Preprocessing = { scale: 1 / 255, mean: [0.5], std: [0.25] };

/** Smooth color images: neighbors and channels are correlated, as in photographs. */
function smooth(count: number, size = 8): ImageSet {
  const pixels = new Uint8Array(count * size * size * 3);
  for (let image = 0; image < count; image++) {
    const random = randomAt(2, 'image', image);
    const [rowSlope, columnSlope, channelSlope, level] = [4, 4, 60, 40].map(
      (scale) => scale * (random() - 0.5),
    );
    for (let i = 0; i < size * size * 3; i++) {
      const [row, column, channel] = [Math.floor(i / (3 * size)), Math.floor(i / 3) % size, i % 3];
      pixels[image * size * size * 3 + i] =
        128 + level + rowSlope * row + columnSlope * column + channelSlope * (channel - 1) + 20 * random();
    }
  }
  const shape = { count, height: size, width: size, channels: 3 };
  return { kind: 'image-set', name: 'smooth', pixels, classNames: ['a', 'b'], ...shape };
}

const images = smooth(200);
const small = {
  inputShape: [32, 32, 3] as [number, number, number],
  widths: [4, 4, 4] as [number, number, number],
};

/** The outputs of a convolution for every patch of every image: [patches][filters]. */
function filterOutputs(model: tf.LayersModel, name: string): number[][] {
  return tf.tidy(() => {
    const { count, height, width, channels } = images;
    const values = tf.tensor4d(Float32Array.from(images.pixels), [count, height, width, channels]);
    const outputs = model.getLayer(name).apply(values.div(255).sub(0.5).div(0.25)) as tf.Tensor;
    return outputs.reshape([-1, outputs.shape.at(-1)!]).arraySync() as number[][];
  });
}

describe('whitenFirstConvolution', () => {
  it('makes uncorrelated components of patches with mean square 1, and their negatives', () => {
    const model = cifar10Fast(small);
    whitenFirstConvolution(model, { images, preprocessing, epsilon: 0 });
    const outputs = filterOutputs(model, 'conv0');
    for (let a = 0; a < 24; a++)
      for (let b = 0; b < 24; b++) {
        const moment = outputs.reduce((sum, output) => sum + output[a] * output[b], 0) / outputs.length;
        const expected = a === b ? 1 : a % 12 === b % 12 ? -1 : 0;
        expect(Math.abs(moment - expected), `${a}, ${b}`).toBeLessThan(2e-3);
      }
    const areNegatives = (output: number[]) =>
      output.slice(12).every((value, i) => Math.abs(value + output[i]) < 1e-5);
    expect(outputs.every(areNegatives)).toBe(true);
    model.dispose();
  });

  it('reduces weak components by epsilon; the strongest is first', () => {
    const model = cifar10Fast(small);
    whitenFirstConvolution(model, { images, preprocessing, epsilon: 0.01 });
    const outputs = filterOutputs(model, 'conv0');
    const moments = Array.from(
      { length: 12 },
      (_, a) => outputs.reduce((sum, output) => sum + output[a] ** 2, 0) / outputs.length,
    );
    expect(moments).toEqual([...moments].sort((first, second) => second - first));
    const kernel = model.getLayer('conv0').getWeights()[0].dataSync<'float32'>();
    moments.forEach((moment, a) => {
      // A filter has length 1 / sqrt(variance + epsilon), and its output variance / (variance + epsilon).
      const square = kernel.reduce((sum, value, i) => sum + (i % 24 === a ? value ** 2 : 0), 0);
      expect(moment).toBeCloseTo(1 - 0.01 * square, 3);
    });
    expect(moments[11]).toBeLessThan(0.9);
    model.dispose();
  });

  it('does not amplify components without variance: images of one gray have one component', () => {
    const grays = Array.from({ length: images.count }, (_, image) => (7 * image) % 256);
    const pixels = images.pixels.map((_, i) => grays[Math.floor(i / 192)]);
    const square = grays.reduce((sum, gray) => sum + ((gray / 255 - 0.5) / 0.25) ** 2, 0) / grays.length;
    const model = cifar10Fast(small);
    whitenFirstConvolution(model, { images: { ...images, pixels }, preprocessing });
    const [kernel] = model.getLayer('conv0').getWeights();
    const values = kernel.dataSync<'float32'>();
    // For twelve equal values the first component is their sum over sqrt(12), with 12 times their square as
    // its variance. The entries of the others sum to 0.
    const sums = Array.from({ length: 12 }, (_, a) =>
      values.reduce((sum, value, i) => sum + (i % 24 === a ? value : 0), 0),
    );
    expect(Math.abs(sums[0])).toBeCloseTo(Math.sqrt(12 / (12 * square + 5e-4)), 5);
    for (const sum of sums.slice(1)) expect(Math.abs(sum)).toBeLessThan(1e-3);
    expect(values.every((value) => Math.abs(value) <= 1 / Math.sqrt(5e-4))).toBe(true);
    model.dispose();
  });

  it('freezes that layer only, and uses one component for each pair of filters', () => {
    const model = buildModel('cifar10-bn-6conv');
    const [before, count] = [model.trainableWeights.length, tf.memory().numTensors];
    whitenFirstConvolution(model, { images, preprocessing, epsilon: 0 });
    expect(tf.memory().numTensors).toBe(count);
    expect(before - model.trainableWeights.length).toBe(2);
    expect(
      model.layers
        .slice(1)
        .filter(({ trainable }) => !trainable)
        .map(({ name }) => name),
    ).toEqual(['conv1_1']);
    // 16 of the 27 components.
    const [kernel, bias] = model.getLayer('conv1_1').getWeights();
    expect(kernel.shape).toEqual([3, 3, 3, 32]);
    expect([...bias.dataSync()]).toEqual(Array(32).fill(0));
    model.dispose();
  });

  it('refuses models and images that it cannot whiten', () => {
    const refuse = (model: tf.LayersModel, message: string) => {
      expect(() => whitenFirstConvolution(model, { images })).toThrow(message);
      model.dispose();
    };
    const { conv2d, flatten } = tf.layers;
    const inputShape = [8, 8, 3];
    const sequential = (layer: tf.layers.Layer) => tf.sequential({ layers: [layer] });
    refuse(sequential(flatten({ inputShape })), 'Expected a model with a convolution to whiten, got none');
    refuse(
      buildModel('mnist-small'),
      'Expected a first convolution that reads 3 channels, got conv1, which reads 1',
    );
    const filters = (count: number) =>
      sequential(conv2d({ name: 'first', inputShape, filters: count, kernelSize: 2 }));
    refuse(filters(7), 'Expected an even number of filters to whiten, at most 24, got 7 in first');
    refuse(filters(26), 'Expected an even number of filters to whiten, at most 24, got 26 in first');
    const tooWide = images.width + 1;
    const kernelSize = [2, tooWide];
    refuse(
      sequential(conv2d({ name: 'wide', inputShape, filters: 4, kernelSize, padding: 'same' })),
      `Expected images of at least 2 x ${tooWide}, a patch of wide`,
    );
  });
});
