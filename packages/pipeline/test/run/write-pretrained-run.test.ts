import type { ModelCard } from '@convlens/core';
import { buildModel } from '@convlens/models';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { defaultSettings, openModel, readRun, writePretrainedRun } from '../../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

const preprocessing = { scale: 1 / 255, mean: [0.5], std: [0.5] };
const classNames = ['a', 'b'];
const history = [
  {
    epoch: 0,
    learningRate: 1e-3,
    loss: 0.5,
    accuracy: 0.8,
    valLoss: 0.4,
    valAccuracy: 0.9,
    seconds: 2,
    metrics: {},
  },
];
const card = {
  training: {
    settings: { ...defaultSettings, data: 'shapes', model: 'shapes-3conv' },
    backend: 'elsewhere',
    versions: { convlens: '0.1.0' },
    history,
  },
  evaluation: {
    testSet: 'test',
    count: 4,
    float32: { accuracy: 0.7, loss: 0.6 },
    float16: { accuracy: 0.75, loss: 0.5 },
    confusion: [
      [2, 0],
      [1, 1],
    ],
  },
} as unknown as ModelCard;

it('writes the run folder of a pretrained model, with the evaluation of its 16-bit weights', async () => {
  const store = memoryStore();
  const model = buildModel('shapes-3conv', { inputShape: [16, 16, 1], classes: 2, seed: 1 });
  await writePretrainedRun(store, { model, card, preprocessing, classNames });
  const { description, summary, history: savedHistory } = await readRun(store);
  expect(description).toEqual({
    settings: card.training.settings,
    backend: 'elsewhere',
    versions: { convlens: '0.1.0' },
  });
  expect(savedHistory).toEqual(history);
  const { confusion } = card.evaluation;
  expect(summary?.test).toEqual({ name: 'test', count: 4, accuracy: 0.75, loss: 0.5, confusion });
  const opened = await openModel(store);
  expect(opened).toMatchObject({ preprocessing, classNames });
  opened.model.dispose();
  const invalid = { ...card, training: { ...card.training, settings: { epochs: 0 } } };
  await expect(
    writePretrainedRun(memoryStore(), { model, card: invalid, preprocessing, classNames }),
  ).rejects.toThrow('Expected data to be one of');
  model.dispose();
});

it('leaves a folder that holds the run already, and refuses another run', async () => {
  const store = memoryStore();
  const model = buildModel('shapes-3conv', { inputShape: [16, 16, 1], classes: 2, seed: 1 });
  const pretrained = { model, card, preprocessing, classNames };
  await writePretrainedRun(store, pretrained);
  const readOnly = { ...store, write: () => Promise.reject(new Error('written')) };
  await writePretrainedRun(readOnly, pretrained);
  const { training } = card;
  const others = [
    { ...training, settings: { ...(training.settings as object), seed: 7 } },
    { ...training, backend: 'here' },
    { ...training, history: [{ ...history[0], loss: 0.6 }] },
    { ...training, history: [...history, { ...history[0], epoch: 1 }] },
    { ...training, history: [{ ...history[0], seconds: 3 }] },
  ];
  for (const other of others)
    await expect(
      writePretrainedRun(readOnly, { ...pretrained, card: { ...card, training: other } as ModelCard }),
    ).rejects.toThrow('Expected an empty run folder, found a run in memory');
  model.dispose();
});
