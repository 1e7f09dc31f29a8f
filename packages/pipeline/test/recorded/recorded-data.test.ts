import { imageChecksum, subset } from '@convlens/image-set';
import { generateShapes } from '@convlens/image-set/shapes';
import { buildModel } from '@convlens/models';
import { createDocument } from '@convlens/render-d3/node';
import { memoryStore, readText, writeJson, type BlobStore } from '@convlens/storage';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  compareRuns,
  dataName,
  findRecipe,
  readRun,
  recordedSettings,
  reportRun,
  trainRun,
  writeRun,
  type RunDescription,
  type RunSettings,
} from '../../src/index.js';

const images = generateShapes({ count: 40 });
const changed = { ...images, pixels: images.pixels.map((value, i) => (i === 99 ? value ^ 1 : value)) };

const settings = (data: string, model = 'shapes-3conv'): RunSettings => ({
  ...findRecipe('shapes').settings,
  ...{ data, model, epochs: 1, batchSize: 16, validation: 'stratified:0.25' },
});
const describeRun = (change: Partial<RunSettings> = {}): RunDescription => ({
  settings: { ...settings('/home/anna/pets', '/home/anna/nets/small.mjs'), ...change },
  backend: 'simd',
  versions: {},
});

const train = (store: BlobStore, options: object = {}, description = describeRun()) =>
  trainRun(description, {
    ...{ store, images, build: (input) => buildModel('shapes-3conv', input) },
    ...options,
  });

async function allText(store: BlobStore): Promise<string> {
  const names = (await store.list()).filter((name) => !name.endsWith('.bin'));
  return (await Promise.all(names.map((name) => readText(store, name)))).join('\n');
}

beforeAll(async () => {
  await tf.setBackend('simd');
});

describe('the settings that run folders hold', () => {
  it.each([
    ['/home/anna/pets', './pets'],
    ['/home/anna/pets/', './pets'],
    ['C:\\Users\\anna\\pets', './pets'],
    ['../pets', './pets'],
    ['./pets', './pets'],
    ['cifar10', 'cifar10'],
    ['..', '..'],
  ])('name the data %s as %s', (data, recorded) => {
    expect(recordedSettings(settings(data)).data).toBe(recorded);
    expect(recordedSettings(settings(recorded)).data).toBe(recorded);
  });

  it.each([
    ['/home/anna/net.mjs', 'net.mjs'],
    ['C:\\nets\\net.js', 'net.js'],
    ['nets/net.mjs', 'net.mjs'],
    ['shapes-3conv', 'shapes-3conv'],
    ['mine/v2', 'mine/v2'],
  ])('name the model %s as %s', (model, recorded) => {
    expect(recordedSettings(settings('shapes', model)).model).toBe(recorded);
  });

  it('have names for people', () => {
    expect(['/home/anna/pets', './pets', 'cifar10'].map(dataName)).toEqual(['pets', 'pets', 'cifar10']);
  });
});

describe('a run folder', () => {
  it('names no folder of the machine, and has the checksum of the training images', async () => {
    const store = memoryStore();
    const started: RunDescription[] = [];
    await train(store, { onStart: (description: RunDescription) => void started.push(description) });
    const { description } = await readRun(store);
    expect(description).toMatchObject({
      settings: { data: './pets', model: 'small.mjs' },
      dataChecksum: await imageChecksum(images),
    });
    expect(started).toEqual([description]);
    expect(await allText(store)).not.toMatch(/anna|home/);
    const { settings: table } = await compareRuns([store, store]);
    expect(JSON.stringify(table)).not.toMatch(/anna|home/);
  });

  it('of a model that was trained elsewhere names none either', async () => {
    const store = memoryStore();
    const model = buildModel('shapes-3conv', { inputShape: [16, 16, 3], classes: 10, seed: 1 });
    const history = [
      { ...{ epoch: 0, learningRate: 1, loss: 1, accuracy: 0, valLoss: 1, valAccuracy: 0 }, seconds: 1, metrics: {} }, // prettier-ignore
    ];
    const description = { ...describeRun(), dataDir: '/home/anna/data' };
    const { classNames } = images;
    const preprocessing = { mean: [0, 0, 0], std: [1, 1, 1], scale: 1 / 255 };
    await writeRun(store, { description, history, model, preprocessing, classNames });
    model.dispose();
    expect(await allText(store)).not.toMatch(/anna|home/);
  });

  it('is resumed with the same images in another folder, and refused with others', async () => {
    const store = memoryStore();
    await train(store);
    const moved = describeRun({ data: '/mnt/pets', epochs: 2 });
    const [before, after] = [await imageChecksum(images), await imageChecksum(changed)];
    await expect(train(store, { resume: true, images: changed }, moved)).rejects.toThrow(
      `Expected the training images that this run was trained on (pets, SHA-256 ${before}), got others ` +
        `(SHA-256 ${after}): restore the images and the option limit, or start a new run`,
    );
    expect((await train(store, { resume: true }, moved)).epochs).toBe(2);
  });

  it('of an earlier version, with paths and without a checksum, is read, compared, and resumed without paths', async () => {
    const store = memoryStore();
    await train(store);
    const { dataChecksum, ...earlier } = (await readRun(store)).description;
    expect(dataChecksum).toBe(await imageChecksum(images));
    const { data, model } = describeRun().settings;
    await writeJson(store, 'run.json', {
      ...earlier,
      dataDir: '/home/anna/data',
      settings: { ...earlier.settings, data, model },
    });
    expect((await readRun(store)).description.dataDir).toBe('/home/anna/data');
    const { settings: table } = await compareRuns([store, store]);
    expect(JSON.stringify(table)).not.toMatch(/anna|home/);
    expect((await train(store, { resume: true }, describeRun({ epochs: 2 }))).epochs).toBe(2);
    expect(await allText(store)).not.toMatch(/anna|home/);
  });

  it('is not reported with other training images', async () => {
    const store = memoryStore();
    await train(store);
    const document = createDocument();
    for (const others of [changed, subset(images, [1, 0])])
      await expect(reportRun({ store, train: others, test: images, document })).rejects.toThrow(
        /^Expected the training images that this run was trained on \(pets, SHA-256 .*restore them, or give the data/,
      );
    expect(await store.list()).not.toContain('report.html');
  });
});
