import { parsePixelScaling, randomAt, UNIT_RANGE, type Images } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ATTRIBUTION_METHODS, attributions, predictions, visualizeFeatures } from '../../src/index.js';

const size = { height: 8, width: 8, channels: 3 };
const random = randomAt(5, 'images');
const images: Images = {
  name: 'noise',
  pixels: Uint8Array.from({ length: 2 * 8 * 8 * 3 }, () => 256 * random()),
  labels: Int32Array.of(0, 1),
  count: 2,
  ...size,
  classNames: ['a', 'b', 'c'],
};

/** Values whose last axis has 3 channels, with the first and the last swapped. */
const swapped = <T extends Float32Array | Uint8Array>(values: T): T =>
  values.map((_, i) => values[i - (i % 3) + 2 - (i % 3)]) as T;

const swappedImages = { ...images, pixels: swapped(images.pixels as Uint8Array) };

/** Each preprocessing in the order BGR, and the same for images whose channels are swapped already. */
const PAIRS = ['0..1', 'caffe', '-0.5..0.5', 'torch', '0..255'].map((name) => {
  const bgr = parsePixelScaling(`${name},bgr`);
  return { name, bgr, plain: { ...bgr, channelOrder: 'rgb' as const } };
});

let model: tf.LayersModel;
beforeAll(async () => {
  await tf.setBackend('cpu');
  const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
  model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 3], kernelInitializer: seeded(1) }),
      tf.layers.reLU(),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: seeded(2) }),
    ],
  });
});

describe.each(PAIRS)('a model that reads BGR, $name', ({ bgr, plain }) => {
  it('predicts what it does of images whose channels are swapped', async () => {
    expect(await predictions(model, images, { preprocessing: bgr })).toEqual(
      await predictions(model, swappedImages, { preprocessing: plain }),
    );
  });

  it('has the attributions of the channels of the images', async () => {
    for (const method of ['saliency', 'integrated-gradients']) {
      const actual = await attributions(model, images, { method, preprocessing: bgr });
      const expected = await attributions(model, swappedImages, { method, preprocessing: plain });
      expect(actual.map(({ values }) => values)).toEqual(expected.map(({ values }) => swapped(values)));
      expect(actual[0].values).not.toEqual(expected[0].values);
    }
  });
});

describe('a model that reads BGR', () => {
  const [{ bgr, plain }] = PAIRS;

  it('has the same heatmaps by every attribution method', async () => {
    for (const { id, explain } of ATTRIBUTION_METHODS) {
      const actual = await explain(model, images, { preprocessing: bgr, target: 1 });
      const expected = await explain(model, swappedImages, { preprocessing: plain, target: 1 });
      expect(
        actual.map(({ values }) => values),
        id,
      ).toEqual(expected.map(({ values }) => values));
    }
  });

  it('has optimized images in RGB', async () => {
    const options = {
      steps: 3,
      start: 'gray',
      seed: 1,
      parametrization: { kind: 'pixels' },
      transformations: [],
    } as const;
    const [actual] = await visualizeFeatures(model, [{ kind: 'class', class: 1 }], {
      ...options,
      preprocessing: bgr,
    });
    const [expected] = await visualizeFeatures(model, [{ kind: 'class', class: 1 }], {
      ...options,
      preprocessing: plain,
    });
    expect(actual.pixels).toEqual(swapped(expected.pixels));
    expect(actual.pixels).not.toEqual(expected.pixels);
  });
});

describe('Float32 pixels within 0..1', () => {
  const unit = { ...images, pixels: Float32Array.from(images.pixels, (value) => value / 255) };

  it.each([UNIT_RANGE, ...PAIRS.flatMap(({ bgr, plain }) => [bgr, plain]).slice(0, 8)])(
    'are refused where 0..255 are expected: %j',
    async (preprocessing) => {
      await expect(predictions(model, unit, { preprocessing })).rejects.toThrow(
        'Expected pixels of 0..255, got a Float32Array within 0..1 in noise: multiply them by 255, or pass preprocessing: IDENTITY',
      );
    },
  );

  it('are accepted as model inputs, as masks of 0 and 1, and with one pixel of another range', async () => {
    await predictions(model, unit, { preprocessing: parsePixelScaling('0..255') });
    await predictions(model, { ...unit, pixels: unit.pixels.map((value) => Math.round(value)) });
    for (const other of [-0.1, 1.5]) {
      const pixels = unit.pixels.slice();
      pixels[100] = other;
      await predictions(model, { ...unit, pixels });
    }
  });
});
