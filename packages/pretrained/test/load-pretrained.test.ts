import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { formatPercent, idsOf, InputError, type ModelCard } from '@convlens/core';
import { loadModel } from '@convlens/models';
import { memoryStore, type BlobStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { loadPretrained, MODEL_CARDS } from '../src/index.js';

const file = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url));
const readme = file('README.md').toString();

beforeAll(() => tf.setBackend('cpu'));

/** Saves a model by TensorFlow.js alone. */
async function saveByTensorFlow(model: tf.LayersModel, store: BlobStore): Promise<void> {
  await model.save(
    tf.io.withSaveHandler(async ({ weightData, weightSpecs, ...artifacts }) => {
      await store.write('weights.bin', new Uint8Array(weightData as ArrayBuffer));
      const json = { ...artifacts, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] };
      await store.write('model.json', new TextEncoder().encode(JSON.stringify(json)));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
}

describe.each(MODEL_CARDS)('$id', (card: ModelCard) => {
  it('is loaded with its card, preprocessing and class names, without a network request', async () => {
    const fetch = vi.spyOn(globalThis, 'fetch');
    const { model, ...rest } = await loadPretrained(card.id);
    expect(fetch).not.toHaveBeenCalled();
    expect(rest).toEqual({ card, preprocessing: card.preprocessing, classNames: card.classNames });
    expect(model.countParams()).toBe(card.parameters);
    expect(model.inputs[0].shape).toEqual([null, ...card.inputShape]);
    expect(model.outputs[0].shape).toEqual([null, card.classNames.length]);
    model.dispose();
    fetch.mockRestore();
  });

  it('keeps its preprocessing and class names when TensorFlow.js alone saves it', async () => {
    const { model } = await loadPretrained(card.id);
    const store = memoryStore();
    await saveByTensorFlow(model, store);
    model.dispose();
    const loaded = await loadModel(store);
    expect(loaded.preprocessing).toEqual(card.preprocessing);
    expect(loaded.classNames).toEqual(card.classNames);
    loaded.model.dispose();
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    (await loadPretrained(card.id)).model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has a card with the size and the checksum of the weights', () => {
    const bytes = file(`weights/${card.id}.safetensors`);
    expect(card.weights).toEqual({
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  });

  it('has a card whose numbers agree with each other', () => {
    const { evaluation, training, classNames, data } = card;
    const { confusion, count, float16, float32 } = evaluation;
    const correct = confusion.reduce((sum, row, i) => sum + row[i], 0);
    expect(confusion.flat().reduce((sum, value) => sum + value)).toBe(count);
    expect(float16.accuracy).toBeCloseTo(correct / count, 12);
    expect(confusion.map((row) => row.length)).toEqual(classNames.map(() => classNames.length));
    expect(Math.abs(float16.accuracy - float32.accuracy)).toBeLessThanOrEqual(0.001);
    expect(training.settings).toMatchObject({ data: data.id, model: card.architecture, seed: training.seed });
    expect(training.history).toHaveLength(training.epochs);
    const losses = training.history.map(({ valLoss = Infinity }) => valLoss ?? Infinity);
    expect(losses[training.bestEpoch]).toBe(Math.min(...losses));
  });

  it('is in the README with its accuracies and limitations', () => {
    const { float32, float16 } = card.evaluation;
    const accuracies = [float32, float16].map(({ accuracy }) => formatPercent(accuracy));
    for (const part of [`### ${card.id}\n`, ...accuracies, ...card.limitations])
      expect(readme).toContain(part);
  });

  it('has a card that survives structuredClone', () => expect(structuredClone(card)).toEqual(card));
});

it('has a card for each file of weights, named by its id', () => {
  const stems = (folder: string) =>
    readdirSync(new URL(`../${folder}`, import.meta.url)).map((name) => name.replace(/\..*/, ''));
  expect(stems('weights').sort()).toEqual(idsOf(MODEL_CARDS));
  expect(stems('cards').sort()).toEqual(idsOf(MODEL_CARDS));
  expect([...readme.matchAll(/^### (.*)$/gm)].map(([, id]) => id)).toEqual(idsOf(MODEL_CARDS));
});

it('lists the names of the models if the name is unknown', async () => {
  for (const name of ['vgg', 'toString', ''])
    await expect(loadPretrained(name)).rejects.toThrow(
      new InputError(
        `Expected the pretrained model to be one of ${idsOf(MODEL_CARDS).join(', ')}, got "${name}"`,
      ),
    );
});
