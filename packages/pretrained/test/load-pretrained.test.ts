import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { InputError } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import { loadModel } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { loadPretrained, PRETRAINED } from '../src/index.js';

const file = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url));
const percent = (share: number) => `${(100 * share).toFixed(2)}%`;

beforeAll(() => tf.setBackend('cpu'));

describe.each(Object.entries(PRETRAINED))('%s', (name, card) => {
  it('comes with its card and with what it reads and says, and asks no network for it', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    const { model, ...rest } = await loadPretrained(name);
    expect(fetched).not.toHaveBeenCalled();
    expect(rest).toEqual({ card, preprocessing: card.preprocessing, classNames: card.classNames });
    expect(model.countParams()).toBe(card.parameters);
    expect(model.inputs[0].shape).toEqual([null, ...card.inputShape]);
    expect(model.outputs[0].shape).toEqual([null, card.classNames.length]);
    model.dispose();
    fetched.mockRestore();
  });

  it('keeps what it reads and says where TensorFlow.js alone saves it', async () => {
    const { model } = await loadPretrained(name);
    const store = memoryStore();
    await model.save(
      tf.io.withSaveHandler(async ({ weightData, weightSpecs, ...artifacts }) => {
        await store.write('weights.bin', new Uint8Array(weightData as ArrayBuffer));
        const json = { ...artifacts, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] };
        await store.write('model.json', new TextEncoder().encode(JSON.stringify(json)));
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    model.dispose();
    const loaded = await loadModel(store);
    expect(loaded.preprocessing).toEqual(card.preprocessing);
    expect(loaded.classNames).toEqual(card.classNames);
    loaded.model.dispose();
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    (await loadPretrained(name)).model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has a card that agrees with itself, with the file of weights and with the README', () => {
    const { evaluation, training, weights, classNames, data } = card;
    expect(card.name).toBe(name);
    const bytes = file(`weights/${name}.safetensors`);
    expect(weights).toEqual({
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    const { confusion, count, binary16, float32 } = evaluation;
    const right = confusion.reduce((sum, row, i) => sum + row[i], 0);
    expect(confusion.flat().reduce((sum, value) => sum + value)).toBe(count);
    expect(binary16.accuracy).toBeCloseTo(right / count, 12);
    expect(confusion.map((row) => row.length)).toEqual(classNames.map(() => classNames.length));
    expect(Math.abs(binary16.accuracy - float32.accuracy)).toBeLessThanOrEqual(0.001);
    expect(training.settings).toMatchObject({
      data: data.name,
      model: card.architecture,
      seed: training.seed,
    });
    expect(training.history).toHaveLength(training.epochs);
    const losses = training.history.map(({ valLoss = Infinity }) => valLoss ?? Infinity);
    expect(losses[training.keptEpoch]).toBe(Math.min(...losses));
    const readme = file('README.md').toString();
    for (const part of [
      `### ${name}\n`,
      percent(float32.accuracy),
      percent(binary16.accuracy),
      ...card.limits,
    ])
      expect(readme).toContain(part);
  });

  it('has a card that survives structuredClone', () => expect(structuredClone(card)).toEqual(card));
});

it('has a card for every file of weights', () => {
  const stems = (folder: string) =>
    readdirSync(new URL(`../${folder}`, import.meta.url)).map((name) => name.replace(/\..*/, ''));
  expect(stems('weights').sort()).toEqual(Object.keys(PRETRAINED));
  expect(stems('cards').sort()).toEqual(Object.keys(PRETRAINED));
});

it('says which networks there are when it is asked for another', async () => {
  for (const name of ['vgg', 'toString', ''])
    await expect(loadPretrained(name)).rejects.toThrow(
      new InputError(
        `Expected a pretrained network, one of ${Object.keys(PRETRAINED).join(', ')}, got "${name}"`,
      ),
    );
});

it('runs the example of the README', async () => {
  const [, code] = /```js\n(.*?)```/s.exec(file('README.md').toString())!;
  const body = code.replace(/^import .*$/gm, '');
  const said: string[] = [];
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  const console = { log: (text: string) => said.push(text) };
  await AsyncFunction(
    'tf',
    'loadPretrained',
    'PRETRAINED',
    'console',
    body,
  )(tf, loadPretrained, PRETRAINED, console);
  expect(said[0]).toContain('mnist-5x5');
  expect(PRETRAINED['mnist-5x5'].classNames).toContain(said[1]);
});
