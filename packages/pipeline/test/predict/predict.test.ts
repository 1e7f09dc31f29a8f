import { UNIT_RANGE, type ImageSet } from '@convlens/core';
import { serialize } from '@convlens/render-d3';
import { createDocument } from '@convlens/render-d3/node';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { predict, type OpenModel } from '../../src/index.js';

const document = createDocument();
const CLASS_NAMES = ['red', 'green', 'blue'];
const GAIN = 3;
const COLORS = [
  [255, 0, 0],
  [0, 255, 51],
  [51, 102, 204],
  [255, 204, 0],
];

/** Images of one color each. The label of the last one, blue, is wrong. */
const images: ImageSet = {
  kind: 'image-set',
  name: 'colors',
  pixels: Uint8Array.from(COLORS.flatMap((color) => Array.from({ length: 16 }, () => color).flat())),
  count: COLORS.length,
  height: 4,
  width: 4,
  channels: 3,
  labels: Int32Array.of(0, 1, 2, 2),
  classNames: CLASS_NAMES,
};
const unlabeled: ImageSet = { ...images, labels: undefined };
let opened: OpenModel;

/** The logits of a class are its mean pixel times a gain: the probabilities have a closed form. */
const expectedProbabilities = (color: readonly number[]) => {
  const exponentials = color.map((value) => Math.exp((GAIN * value) / 255));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
};

beforeAll(async () => {
  await tf.setBackend('cpu');
  const model = tf.sequential({
    layers: [
      tf.layers.globalAveragePooling2d({ inputShape: [4, 4, 3] }),
      tf.layers.dense({ units: 3, useBias: false, activation: 'softmax' }),
    ],
  });
  tf.tidy(() => model.layers[1].setWeights([tf.mul(tf.eye(3), GAIN)]));
  opened = { model, preprocessing: UNIT_RANGE, classNames: CLASS_NAMES };
});
afterAll(() => opened.model.dispose());

describe('predict', () => {
  it('gives the probabilities, the most probable class and the true class of chosen images, in their order', async () => {
    const { predictions, classNames } = await predict(opened, images, { indices: [3, 1] });
    expect(classNames).toEqual(CLASS_NAMES);
    expect(
      predictions.map(({ index, name, label, predicted }) => ({ index, name, label, predicted })),
    ).toEqual([
      { index: 3, name: '#3', label: 2, predicted: 0 },
      { index: 1, name: '#1', label: 1, predicted: 1 },
    ]);
    for (const { index, predicted, confidence, probabilities } of predictions) {
      const expected = expectedProbabilities(COLORS[index]);
      expect(Math.max(...expected.map((value, c) => Math.abs(value - probabilities[c])))).toBeLessThan(1e-6);
      expect(confidence).toBe(probabilities[predicted]);
    }
  });

  it('takes the nth image of classes, and by default all images without labels', async () => {
    const ofClasses = await predict(opened, images, { classes: ['blue', 'red'], nth: 1 });
    expect(ofClasses.predictions.map(({ index }) => index)).toEqual([2, 0]);
    const secondBlue = await predict(opened, images, { classes: ['blue'], nth: 2 });
    expect(secondBlue.predictions.map(({ index }) => index)).toEqual([3]);
    const all = await predict(opened, unlabeled);
    expect(all.predictions.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(all.predictions.every(({ label }) => label === undefined)).toBe(true);
  });

  it('names images, and draws them with their predictions and the probabilities of each', async () => {
    const names = ['a.png', 'b.png', 'c.png', 'd.png'];
    const { predictions, figures } = await predict(opened, unlabeled, { names, indices: [0, 2] });
    expect(predictions.map(({ name }) => name)).toEqual(['a.png', 'c.png']);
    expect(figures.map(({ name }) => name)).toEqual([
      'predictions',
      'probabilities_a-png',
      'probabilities_c-png',
    ]);
    const [grid, bars] = figures.map(({ render }) => serialize(render({ document })));
    expect(grid).toContain('a.png');
    expect(bars).toContain('red');
  });

  it('gives the values of a model without classes, and no bars of probabilities', async () => {
    const kernel = tf.tensor2d([1, 10, 100], [3, 1]);
    const layers = [
      tf.layers.globalAveragePooling2d({ inputShape: [4, 4, 3] }),
      tf.layers.dense({ units: 1, useBias: false, weights: [kernel] }),
    ];
    const model = tf.sequential({ layers });
    const { predictions, figures } = await predict({ model, preprocessing: UNIT_RANGE }, unlabeled);
    const values = predictions.map((record) => record.values![0]);
    const expected = COLORS.map(([red, green, blue]) => (red + 10 * green + 100 * blue) / 255);
    values.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
    expect(figures.map(({ name }) => name)).toEqual(['predictions']);
    model.dispose();
    kernel.dispose();
  });

  it('reports progress, and stops at a signal', async () => {
    const calls: number[][] = [];
    await predict(opened, images, {
      indices: [0, 1],
      onProgress: (done, total) => void calls.push([done, total]),
    });
    expect(calls.at(-1)).toEqual([2, 2]);
    const aborted = predict(opened, images, { indices: [0], signal: AbortSignal.abort() });
    await expect(aborted).rejects.toThrow('abort');
  });

  it.each<[string, object, string]>([
    ['an index beyond the images', { indices: [4] }, 'indices[0] to be an integer from 0 to 3, got 4'],
    ['indices beside classes', { indices: [0], classes: ['red'] }, 'indices, or classes and nth, got both'],
    ['indices beside nth', { indices: [0], nth: 1 }, 'indices, or classes and nth, got both'],
    ['no index', { indices: [] }, 'at least one index'],
    ['an unknown class', { classes: ['gray'] }, 'gray'],
    [
      'a class with fewer images',
      { classes: ['red'], nth: 2 },
      'at least 2 images of red in colors, found 1',
    ],
    ['names of other images', { names: ['a.png'] }, 'names'],
  ])('refuses %s', async (_, options, message) => {
    await expect(predict(opened, images, options)).rejects.toThrow(message);
  });

  it('refuses classes of other images than those of the model', async () => {
    const other = { ...images, classNames: ['a', 'b', 'c', 'd'] };
    await expect(predict(opened, other)).rejects.toThrow(
      'Expected images of red, green, blue, as the model was trained on, got a, b, c, d',
    );
  });

  it('leaves no tensor', async () => {
    const before = tf.memory().numTensors;
    await predict(opened, images, { indices: [0, 1, 2, 3] });
    await predict(opened, images, { indices: [9] }).catch(() => {});
    expect(tf.memory().numTensors).toBe(before);
  });
});
