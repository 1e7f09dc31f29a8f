import { memoryStore } from '@convlens/storage';
import { makeShapes } from '@convlens/image-set/shapes';
import { buildModel } from '@convlens/models';
import { createDocument } from '@convlens/render-d3/node';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  defaultSettings,
  explain,
  fitImages,
  openSubject,
  readRun,
  reportImages,
  writeRun,
} from '../src/index.js';

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

async function written() {
  const store = memoryStore();
  const model = buildModel('shapes-3conv', { inputShape: [16, 16, 1], classes: 3, seed: 1 });
  await writeRun(store, { description, history, model, ...metadata });
  return { store, model };
}

describe('writeRun', () => {
  it('writes a run that is read as one that was trained here', async () => {
    const { store, model } = await written();
    const run = await readRun(store);
    expect(run.description).toEqual(description);
    expect(run.history).toEqual(history);
    expect(run.summary).toMatchObject({ epochs: 3, seconds: 6, parameters: model.countParams() });
    expect(run.summary!.best.epoch).toBe(1);
    const subject = await openSubject(store);
    expect(subject).toMatchObject(metadata);
    const kernelOf = (one: tf.LayersModel) => one.getLayer('conv1').getWeights()[0].dataSync();
    expect(kernelOf(subject.model)).toEqual(kernelOf(model));
    subject.model.dispose();
    await expect(writeRun(store, { description, history, model, ...metadata })).rejects.toThrow(
      'found a run in memory',
    );
    model.dispose();
  });
});

describe('images without labels', () => {
  it('are reported on with every figure that needs none, and the report says what they are taken for', async () => {
    const { store, model } = await written();
    const images = fitImages(makeShapes({ count: 4 }), { model, ...metadata });
    const chosen = [
      { className: 'my <cat>', index: 2 },
      { className: 'dog', index: 0 },
    ];
    const before = tf.memory().numTensors;
    const drawing = { store, document: createDocument(), detail: 'brief' } as const;
    const said = await reportImages({ ...drawing, images, chosen });
    expect(tf.memory().numTensors).toBe(before);
    expect(said.map(({ index, label }) => [index, label])).toEqual([
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
    const html = new TextDecoder().decode(await store.read('report.html'));
    expect(html).toContain('my &lt;cat&gt;');
    expect(html).toContain(`→ ${metadata.classNames[said[0].predicted]}`);
    model.dispose();
  });

  it('are all explained where none is named', async () => {
    const { model } = await written();
    const subject = { model, ...metadata };
    const images = fitImages(makeShapes({ count: 3 }), subject);
    const { figures } = await explain(subject, { method: 'saliency', images });
    expect(figures.map(({ name }) => name)).toEqual(['saliency_0', 'saliency_1', 'saliency_2']);
    await expect(explain(subject, { method: 'saliency', images, classes: ['a'] })).rejects.toThrow(
      'Expected labelled images',
    );
    model.dispose();
  });
});
