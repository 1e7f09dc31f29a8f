import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import {
  IDENTITY,
  parsePixelScaling,
  preprocess,
  randomAt,
  UNIT_RANGE,
  type Images,
  type Preprocessing,
} from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { diagnoseInput, evaluateModel } from '../../src/index.js';
import { sequentialModel } from '../models.js';

const NAMES = [0, 1, 2, 3, 4, 5, 6, 7].map((kind) =>
  [kind & 1 ? 'reddish' : 'bluish', kind & 2 ? 'rows' : 'columns', kind & 4 ? 'light' : 'dark'].join(' '),
);

/**
 * Stripes whose color, direction and brightness determine the class, so that every wrong preprocessing or
 * order lowers the accuracy. One label in eight is random, so that a trained model is not too confident.
 */
function stripes(count: number, seed: number): Images & { labels: Int32Array } {
  const [height, width] = [12, 12];
  const random = randomAt(seed, 'stripes');
  const labels = Int32Array.from({ length: count }, (_, i) => i % 8);
  const pixels = new Uint8Array(count * height * width * 3);
  let position = 0;
  for (let i = 0; i < count; i++) {
    const kind = labels[i];
    if (random() < 1 / 8) labels[i] = Math.floor(8 * random());
    const phase = 6 * random();
    const level = (kind & 4 ? 150 : 70) + 30 * random();
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const wave = 30 * Math.sin((kind & 2 ? y : x) * 1.3 + phase);
        const tint = kind & 1 ? 25 : -25;
        for (const shift of [tint, 0, -tint]) pixels[position++] = level + wave + shift + 20 * random();
      }
  }
  return { name: 'stripes', pixels, labels, count, height, width, channels: 3, classNames: NAMES };
}

const train = stripes(640, 1);
const images = stripes(240, 2);

/** A small model that is trained on the preprocessed images, for a few seconds. */
async function trained(preprocessing: Preprocessing, set: Images & { labels: Int32Array } = train) {
  const seeded = () => tf.initializers.glorotUniform({ seed: 3 });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 8,
        kernelSize: 3,
        inputShape: [12, 12, 3],
        kernelInitializer: seeded(),
      }),
      // Lets the model learn quickly on any scale; in inference it expects the scale of the training.
      tf.layers.batchNormalization({ momentum: 0.8 }),
      tf.layers.reLU(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 16, activation: 'relu', kernelInitializer: seeded() }),
      tf.layers.dense({ units: 8, activation: 'softmax', kernelInitializer: seeded() }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(5e-3), loss: 'sparseCategoricalCrossentropy' });
  const x = tf.tensor4d(preprocess(set, preprocessing), [set.count, 12, 12, 3]);
  const y = tf.tensor1d(Float32Array.from(set.labels));
  await model.fit(x, y, { epochs: 9, batchSize: 50, shuffle: false, verbose: 0 });
  tf.dispose([x, y]);
  return model;
}

let onUnitRange: Promise<tf.LayersModel> | undefined;
/** The model that most tests use, trained once. */
const trainedOnUnitRange = () => (onUnitRange ??= trained(UNIT_RANGE));

const cifar: Preprocessing = { scale: 1 / 255, mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] };

function swapChannels(set: typeof images): typeof images {
  const pixels = set.pixels.map((_, i) => set.pixels[i - (i % 3) + 2 - (i % 3)]);
  return { ...set, pixels };
}

function transpose(set: typeof images): typeof images {
  const pixels = set.pixels.map((_, i) => {
    const [c, x, y, n] = [i % 3, Math.floor(i / 3) % 12, Math.floor(i / 36) % 12, Math.floor(i / 432)];
    return set.pixels[((n * 12 + x) * 12 + y) * 3 + c];
  });
  return { ...set, pixels };
}

beforeAll(async () => void (await tf.setBackend('simd')));

describe('diagnoseInput', () => {
  it.each([
    ['0..1', UNIT_RANGE],
    ['0..255', IDENTITY],
    ['-1..1', { scale: 1 / 127.5, mean: [1], std: [1] }],
    ['-0.5..0.5', { scale: 1 / 255, mean: [0.5], std: [1] }],
    ['standardized as CIFAR-10', cifar],
  ] as [string, Preprocessing][])('finds that a model was trained on %s', async (scaling, preprocessing) => {
    const model = await (preprocessing === UNIT_RANGE ? trainedOnUnitRange() : trained(preprocessing));
    const before = tf.memory().numTensors;
    const diagnosis = await diagnoseInput(model, images);
    expect(diagnosis.best).toMatchObject({ scaling, channelOrder: 'unchanged', axes: 'unchanged' });
    expect(diagnosis.best!.accuracy).toBeGreaterThan(0.75);
    expect(diagnosis.preprocessing).toEqual(preprocessing);
    expect(diagnosis.classOrder).toBeUndefined();
    expect(diagnosis.conclusion).toMatch(`Most likely trained on ${scaling}: accuracy `);
    expect(diagnosis.trials.length).toBe(8 * 2 * 2);
    expect(diagnosis.trials.map(({ accuracy }) => accuracy)).toEqual(
      diagnosis.trials.map(({ accuracy }) => accuracy).sort((a, b) => b - a),
    );
    expect(structuredClone(diagnosis)).toEqual(diagnosis);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('finds channels in the order BGR, and transposed axes', async () => {
    const swapped = await trained(UNIT_RANGE, swapChannels(train));
    const { best, preprocessing } = await diagnoseInput(swapped, images);
    expect(best).toMatchObject({ scaling: '0..1', channelOrder: 'bgr', axes: 'unchanged' });
    expect(preprocessing).toEqual({ ...UNIT_RANGE, channelOrder: 'bgr' });
    const { accuracy } = await evaluateModel(swapped, images, { preprocessing });
    expect(accuracy).toBe(best!.accuracy);
    const transposed = await trained(UNIT_RANGE, transpose(train));
    const diagnosis = await diagnoseInput(transposed, images);
    expect(diagnosis.best).toMatchObject({ scaling: '0..1', channelOrder: 'unchanged', axes: 'transposed' });
    expect(diagnosis.conclusion).toMatch('Most likely trained on 0..1, transposed axes: ');
  });

  it('finds the mode caffe of Keras applications', async () => {
    const caffe = parsePixelScaling('caffe');
    const { best, preprocessing } = await diagnoseInput(await trained(caffe), images);
    expect(best).toMatchObject({
      scaling: 'minus the mean of ImageNet',
      channelOrder: 'bgr',
      axes: 'unchanged',
    });
    expect(preprocessing).toEqual(caffe);
  });

  it('finds the order of the classes if it is another', async () => {
    const order = [3, 0, 7, 1, 5, 2, 6, 4];
    const labels = train.labels.map((label) => order.indexOf(label));
    const diagnosis = await diagnoseInput(await trained(UNIT_RANGE, { ...train, labels }), images);
    expect(diagnosis.classOrder).toEqual(order);
    expect(diagnosis.best).toMatchObject({ scaling: '0..1', channelOrder: 'unchanged', axes: 'unchanged' });
    expect(diagnosis.best!.permutedAccuracy).toBeGreaterThan(0.75);
    expect(diagnosis.conclusion).toMatch('0..1, with its classes in another order');
  });

  it('uses the images at the positions indices', async () => {
    const indices = Array.from({ length: 160 }, (_, i) => 239 - i);
    const diagnosis = await diagnoseInput(await trainedOnUnitRange(), images, { indices });
    expect(diagnosis.count).toBe(160);
    expect(diagnosis.preprocessing).toEqual(UNIT_RANGE);
  });

  it('concludes nothing for random labels', async () => {
    const random = { ...images, labels: images.labels.map((_, i) => Math.floor(8 * randomAt(5, i)())) };
    const diagnosis = await diagnoseInput(await trainedOnUnitRange(), random);
    expect(diagnosis.preprocessing).toBeUndefined();
    expect(diagnosis.best).toBeUndefined();
    expect(diagnosis.conclusion).toMatch(/^Nothing stands out: the best of 32 trials \(/);
  });

  it('requires labels, and a model with the classes of the images', async () => {
    const model = await trainedOnUnitRange();
    await expect(diagnoseInput(model, { ...images, labels: undefined })).rejects.toThrow(
      'Expected images with labels',
    );
    await expect(diagnoseInput(model, { ...images, classNames: [...NAMES, 'plain'] })).rejects.toThrow(
      'Expected a model of 9 classes, as the images have, got 8',
    );
    await expect(diagnoseInput(sequentialModel(), images)).rejects.toThrow(/Expected images of 8 x 8 x 3/);
  });
});
