import { randomAt, type ImageSet, type Preprocessing } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildModel, cifar10Fast, whitenFirstConvolution } from '../src/index.js';

beforeAll(() => tf.setBackend('wasm'));

const preprocessing: Preprocessing = { scale: 1 / 255, mean: [0.5], std: [0.25] };

/** Smooth, coloured images: neighbours and channels depend on each other, as in photographs. */
function smooth(count: number, size = 8): ImageSet {
  const pixels = new Uint8Array(count * size * size * 3);
  for (let image = 0; image < count; image++) {
    const random = randomAt(2, 'image', image);
    const [tilt, turn, colour, level] = [4, 4, 60, 40].map((scale) => scale * (random() - 0.5));
    for (let at = 0; at < size * size * 3; at++) {
      const [row, column, channel] = [Math.floor(at / (3 * size)), Math.floor(at / 3) % size, at % 3];
      pixels[image * size * size * 3 + at] =
        128 + level + tilt * row + turn * column + colour * (channel - 1) + 20 * random();
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

/** What the first convolution puts out for every patch of every image: [patches][filters]. */
function responses(model: tf.LayersModel, name: string): number[][] {
  return tf.tidy(() => {
    const { count, height, width, channels } = images;
    const x = tf.tensor4d(Float32Array.from(images.pixels), [count, height, width, channels]).div(255).sub(0.5).div(0.25); // prettier-ignore
    const y = model.getLayer(name).apply(x) as tf.Tensor;
    return y.reshape([-1, y.shape.at(-1)!]).arraySync() as number[][];
  });
}

describe('whitenFirstConvolution', () => {
  it('makes components of patches that have the mean square 1 and nothing to do with each other, and their negatives', () => {
    const model = cifar10Fast(small);
    whitenFirstConvolution(model, { images, preprocessing, epsilon: 0 });
    const found = responses(model, 'conv0');
    for (let a = 0; a < 24; a++)
      for (let b = 0; b < 24; b++) {
        const moment = found.reduce((sum, response) => sum + response[a] * response[b], 0) / found.length;
        const expected = a === b ? 1 : a % 12 === b % 12 ? -1 : 0;
        expect(Math.abs(moment - expected), `${a}, ${b}`).toBeLessThan(2e-3);
      }
    expect(found.every((response) => response.slice(12).every((value, i) => Math.abs(value + response[i]) < 1e-5))).toBe(true); // prettier-ignore
    model.dispose();
  });

  it('makes weak components weaker by epsilon: the strongest first', () => {
    const model = cifar10Fast(small);
    whitenFirstConvolution(model, { images, preprocessing, epsilon: 0.01 });
    const found = responses(model, 'conv0');
    const moments = Array.from({ length: 12 }, (_, a) => found.reduce((sum, row) => sum + row[a] ** 2, 0) / found.length); // prettier-ignore
    expect(moments).toEqual([...moments].sort((one, other) => other - one));
    const kernel = model.getLayer('conv0').getWeights()[0].dataSync<'float32'>();
    moments.forEach((moment, a) => {
      // A filter is as long as 1 / sqrt(variance + epsilon), so that its response has variance / (variance + epsilon).
      const square = kernel.reduce((sum, value, at) => sum + (at % 24 === a ? value ** 2 : 0), 0);
      expect(moment).toBeCloseTo(1 - 0.01 * square, 3);
    });
    expect(moments[11]).toBeLessThan(0.9);
    model.dispose();
  });

  it('does not blow up what never varies: of images of one grey each, all but one component are left out', () => {
    const greys = Array.from({ length: images.count }, (_, image) => (7 * image) % 256);
    const pixels = images.pixels.map((_, at) => greys[Math.floor(at / 192)]);
    const square = greys.reduce((sum, grey) => sum + ((grey / 255 - 0.5) / 0.25) ** 2, 0) / greys.length;
    const model = cifar10Fast(small);
    whitenFirstConvolution(model, { images: { ...images, pixels }, preprocessing });
    const [kernel] = model.getLayer('conv0').getWeights();
    const values = kernel.dataSync<'float32'>();
    // Of twelve equal values the first component is their sum over sqrt(12), of 12 times their square; the others add up
    // to nothing.
    const sums = Array.from({ length: 12 }, (_, a) =>
      values.reduce((sum, value, at) => sum + (at % 24 === a ? value : 0), 0),
    );
    expect(Math.abs(sums[0])).toBeCloseTo(Math.sqrt(12 / (12 * square + 5e-4)), 5);
    for (const sum of sums.slice(1)) expect(Math.abs(sum)).toBeLessThan(1e-3);
    expect(values.every((value) => Math.abs(value) <= 1 / Math.sqrt(5e-4))).toBe(true);
    model.dispose();
  });

  it('fixes that layer and no other, and takes as many components as there are filters for', () => {
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

  it('refuses what it cannot whiten', () => {
    const refuse = (model: tf.LayersModel, message: string) => {
      expect(() => whitenFirstConvolution(model, { images })).toThrow(message);
      model.dispose();
    };
    refuse(tf.sequential({ layers: [tf.layers.flatten({ inputShape: [8, 8, 3] })] }), 'Expected a model with a convolution to whiten, got none'); // prettier-ignore
    refuse(buildModel('mnist-small'), 'Expected a first convolution that reads 3 channels, got conv1, which reads 1'); // prettier-ignore
    const filters = (count: number) =>
      tf.sequential({ layers: [tf.layers.conv2d({ name: 'first', inputShape: [8, 8, 3], filters: count, kernelSize: 2 })] }); // prettier-ignore
    refuse(filters(7), 'Expected an even number of filters to whiten, at most 24, got 7 in first');
    const wide = tf.layers.conv2d({ name: 'wide', inputShape: [8, 8, 3], filters: 4, kernelSize: [2, images.width + 1], padding: 'same' }); // prettier-ignore
    refuse(tf.sequential({ layers: [wide] }), `Expected images of at least 2 x ${images.width + 1}, a patch of wide`); // prettier-ignore
    refuse(filters(26), 'Expected an even number of filters to whiten, at most 24, got 26 in first');
  });
});
