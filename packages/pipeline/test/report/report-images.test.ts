import { generateShapes } from '@convlens/image-set/shapes';
import { buildModel } from '@convlens/models';
import { createDocument } from '@convlens/render-d3/node';
import { memoryStore, readText } from '@convlens/storage';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adaptImages,
  defaultSettings,
  explain,
  openModel,
  readRun,
  reportImages,
  writeRun,
} from '../../src/index.js';

beforeAll(() => tf.setBackend('simd'));

const metadata = { preprocessing: { scale: 1 / 255, mean: [0.5], std: [0.5] }, classNames: ['a', 'b', 'c'] };
const history = [0.7, 0.4, 0.5].map((valLoss, epoch) => ({
  epoch,
  learningRate: 1e-3,
  loss: 0.5,
  accuracy: 0.8,
  valLoss,
  valAccuracy: 0.8,
  seconds: 2,
  metrics: {},
}));
const description = {
  settings: { ...defaultSettings, data: 'shapes', model: 'shapes-3conv', epochs: 3 },
  backend: 'elsewhere',
  versions: {},
};

async function writeTestRun() {
  const store = memoryStore();
  const model = buildModel('shapes-3conv', { inputShape: [16, 16, 1], classes: 3, seed: 1 });
  await writeRun(store, { description, history, model, ...metadata });
  return { store, model };
}

describe('writeRun', () => {
  it('writes a run that is read like one that was trained here', async () => {
    const { store, model } = await writeTestRun();
    const run = await readRun(store);
    expect(run.description).toEqual(description);
    expect(run.history).toEqual(history);
    expect(run.summary).toMatchObject({ epochs: 3, seconds: 6, parameters: model.countParams() });
    expect(run.summary!.best.epoch).toBe(1);
    const opened = await openModel(store);
    expect(opened).toMatchObject(metadata);
    const kernelOf = (layersModel: tf.LayersModel) =>
      layersModel.getLayer('conv1').getWeights()[0].dataSync();
    expect(kernelOf(opened.model)).toEqual(kernelOf(model));
    opened.model.dispose();
    await expect(writeRun(store, { description, history, model, ...metadata })).rejects.toThrow(
      'found a run in memory',
    );
    model.dispose();
  });
});

describe('reportImages', () => {
  it('renders every figure that needs no labels, and a report with the predictions', async () => {
    const { store, model } = await writeTestRun();
    const images = adaptImages(generateShapes({ count: 4 }), { model, ...metadata });
    const examples = [
      { className: 'my <cat>', index: 2 },
      { className: 'dog', index: 0 },
    ];
    const tensorCount = tf.memory().numTensors;
    const predictions = await reportImages({
      store,
      document: createDocument(),
      detail: 'brief',
      images,
      examples,
    });
    expect(tf.memory().numTensors).toBe(tensorCount);
    expect(predictions.map(({ index, label }) => [index, label])).toEqual([
      [2, undefined],
      [0, undefined],
    ]);
    const figures = (await store.list('figures/')).map((name) => name.replace(/figures\/(.*)\.svg/, '$1'));
    expect(figures).toEqual(
      expect.arrayContaining([
        ...['images', 'conv1_filter_kernels', 'network_diagram'],
        ...['class_probabilities_dog', 'feature_maps_dog', 'grad_cam_my-cat-', 'methods_dog'],
      ]),
    );
    const html = await readText(store, 'report.html');
    expect(html).toContain('my &lt;cat&gt;');
    expect(html).toContain(`→ ${metadata.classNames[predictions[0].predicted]}`);
    model.dispose();
  });
});

describe('explain', () => {
  it('explains all images without labels by default', async () => {
    const { model } = await writeTestRun();
    const opened = { model, ...metadata };
    const images = adaptImages(generateShapes({ count: 3 }), opened);
    const { figures } = await explain(opened, { method: 'saliency', images });
    expect(figures.map(({ name }) => name)).toEqual(['saliency_0', 'saliency_1', 'saliency_2']);
    await expect(explain(opened, { method: 'saliency', images, classes: ['a'] })).rejects.toThrow(
      'Expected labeled images',
    );
    model.dispose();
  });
});
