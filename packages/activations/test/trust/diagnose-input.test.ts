import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { IDENTITY, preprocess, randomAt, UNIT_RANGE, type Images, type Preprocessing } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { diagnoseInput } from '../../src/index.js';
import { bestAssignment } from '../../src/trust/assignment.js';
import { sequentialModel } from '../models.js';

const NAMES = [0, 1, 2, 3, 4, 5, 6, 7].map((kind) =>
  [kind & 1 ? 'reddish' : 'bluish', kind & 2 ? 'rows' : 'columns', kind & 4 ? 'light' : 'dark'].join(' '),
);

/**
 * Stripes whose colour, direction and level are the class: no way to feed them wrongly goes unseen. One label in eight is
 * drawn at random, so that it does not pay to be too sure.
 */
function stripes(count: number, seed: number): Images & { labels: Int32Array } {
  const [height, width] = [12, 12];
  const random = randomAt(seed, 'stripes');
  const labels = Int32Array.from({ length: count }, (_, i) => i % 8);
  const pixels = new Uint8Array(count * height * width * 3);
  for (let i = 0, at = 0; i < count; i++) {
    const kind = labels[i];
    if (random() < 1 / 8) labels[i] = Math.floor(8 * random());
    const phase = 6 * random();
    const level = (kind & 4 ? 150 : 70) + 30 * random();
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const wave = 30 * Math.sin((kind & 2 ? y : x) * 1.3 + phase);
        const tint = kind & 1 ? 25 : -25;
        for (const shift of [tint, 0, -tint]) pixels[at++] = level + wave + shift + 20 * random();
      }
  }
  return { name: 'stripes', pixels, labels, count, height, width, channels: 3, classNames: NAMES };
}

const train = stripes(640, 1);
const images = stripes(240, 2);

/** A small network, really trained for seconds on what `preprocessing` makes of the images. */
async function trained(preprocessing: Preprocessing, given: Images & { labels: Int32Array } = train) {
  const seeded = () => tf.initializers.glorotUniform({ seed: 3 });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 8,
        kernelSize: 3,
        inputShape: [12, 12, 3],
        kernelInitializer: seeded(),
      }),
      // So that it learns quickly on any scale; in inference it holds on to the scale it has seen.
      tf.layers.batchNormalization({ momentum: 0.8 }),
      tf.layers.reLU(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 16, activation: 'relu', kernelInitializer: seeded() }),
      tf.layers.dense({ units: 8, activation: 'softmax', kernelInitializer: seeded() }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(5e-3), loss: 'sparseCategoricalCrossentropy' });
  const x = tf.tensor4d(preprocess(given, preprocessing), [given.count, 12, 12, 3]);
  const y = tf.tensor1d(Float32Array.from(given.labels));
  await model.fit(x, y, { epochs: 9, batchSize: 50, shuffle: false, verbose: 0 });
  tf.dispose([x, y]);
  return model;
}

let onUnitRange: Promise<tf.LayersModel> | undefined;
/** The one that most tests ask for, trained once. */
const trainedOnUnitRange = () => (onUnitRange ??= trained(UNIT_RANGE));

const cifar: Preprocessing = { scale: 1 / 255, mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] };

function swapChannels(given: typeof images): typeof images {
  const pixels = given.pixels.map((_, i) => given.pixels[i - (i % 3) + 2 - (i % 3)]);
  return { ...given, pixels };
}

function transpose(given: typeof images): typeof images {
  const pixels = given.pixels.map((_, i) => {
    const [c, x, y, n] = [i % 3, Math.floor(i / 3) % 12, Math.floor(i / 36) % 12, Math.floor(i / 432)];
    return given.pixels[((n * 12 + x) * 12 + y) * 3 + c];
  });
  return { ...given, pixels };
}

beforeAll(async () => void (await tf.setBackend('simd')));

describe('diagnoseInput', () => {
  it.each([
    ['0..1', UNIT_RANGE],
    ['0..255', IDENTITY],
    ['-1..1', { scale: 1 / 127.5, mean: [1], std: [1] }],
    ['standardized as CIFAR-10', cifar],
  ] as [string, Preprocessing][])(
    'finds that a network was trained on %s',
    async (scaling, preprocessing) => {
      const model = await (preprocessing === UNIT_RANGE ? trainedOnUnitRange() : trained(preprocessing));
      const before = tf.memory().numTensors;
      const found = await diagnoseInput(model, images);
      expect(found.best).toMatchObject({ scaling, channelOrder: 'given', axes: 'given' });
      expect(found.best!.accuracy).toBeGreaterThan(0.75);
      expect(found.preprocessing).toEqual(preprocessing);
      expect(found.classOrder).toBeUndefined();
      expect(found.conclusion).toMatch(`Most likely trained on ${scaling}: right for `);
      expect(found.trials.length).toBe(6 * 2 * 2);
      expect(found.trials.map(({ accuracy }) => accuracy)).toEqual(
        found.trials.map(({ accuracy }) => accuracy).sort((a, b) => b - a),
      );
      expect(structuredClone(found)).toEqual(found);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('finds channels in the order BGR, and axes exchanged', async () => {
    const swapped = await trained(UNIT_RANGE, swapChannels(train));
    expect((await diagnoseInput(swapped, images)).best).toMatchObject({
      scaling: '0..1',
      channelOrder: 'bgr',
      axes: 'given',
    });
    const turned = await trained(UNIT_RANGE, transpose(train));
    const found = await diagnoseInput(turned, images);
    expect(found.best).toMatchObject({ scaling: '0..1', channelOrder: 'given', axes: 'transposed' });
    expect(found.conclusion).toMatch('Most likely trained on 0..1, transposed axes: ');
  });

  it('finds classes in another order, and says which', async () => {
    const order = [3, 0, 7, 1, 5, 2, 6, 4];
    const labels = train.labels.map((label) => order.indexOf(label));
    const found = await diagnoseInput(await trained(UNIT_RANGE, { ...train, labels }), images);
    expect(found.classOrder).toEqual(order);
    expect(found.best).toMatchObject({ scaling: '0..1', channelOrder: 'given', axes: 'given' });
    expect(found.best!.renamedAccuracy).toBeGreaterThan(0.75);
    expect(found.conclusion).toMatch('0..1, with its classes in another order');
  });

  it('says that nothing stands out where the labels have nothing to do with the images', async () => {
    const random = { ...images, labels: images.labels.map((_, i) => Math.floor(8 * randomAt(5, i)())) };
    const found = await diagnoseInput(await trainedOnUnitRange(), random);
    expect(found.preprocessing).toBeUndefined();
    expect(found.best).toBeUndefined();
    expect(found.conclusion).toMatch(/^Nothing stands out: of 24 ways to feed the model the best \(/);
  });

  it('needs labels, and a model for the classes of the images', async () => {
    const model = await trainedOnUnitRange();
    await expect(diagnoseInput(model, { ...images, labels: undefined })).rejects.toThrow(
      'Expected images with labels',
    );
    await expect(diagnoseInput(model, { ...images, classNames: [...NAMES, 'plain'] })).rejects.toThrow(
      'Expected a model for the 9 classes of the images, got one for 8',
    );
    await expect(diagnoseInput(sequentialModel(), images)).rejects.toThrow(/Expected images of 8 x 8 x 3/);
  });
});

describe('bestAssignment', () => {
  const permutations = (rest: number[]): number[][] =>
    rest.length === 0
      ? [[]]
      : rest.flatMap((one) =>
          permutations(rest.filter((other) => other !== one)).map((list) => [one, ...list]),
        );

  it('is as good as the best of all permutations', () => {
    const random = randomAt(11);
    for (let trial = 0; trial < 60; trial++) {
      const rows = 1 + (trial % 6);
      const gains = Array.from({ length: rows * rows }, () => Math.floor(10 * random()) - 3);
      const valueOf = (columns: readonly number[]) =>
        columns.reduce((sum, column, row) => sum + gains[row * rows + column], 0);
      const found = bestAssignment(gains, rows);
      expect([...found].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
      const all = permutations(Array.from({ length: rows }, (_, i) => i)).map(valueOf);
      expect(valueOf(found)).toBe(Math.max(...all));
    }
  });
});
