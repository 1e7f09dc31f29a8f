import { nonFiniteWeight } from '@convlens/core';
import { evaluateModel } from '@convlens/activations';
import { generateShapes } from '@convlens/image-set/shapes';
import { batches } from '@convlens/image-set';
import { compileClassifier, fit } from '@convlens/training';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../../src/backend/choose-backend.js';

const images = generateShapes({ count: 16 });
const { height, width, channels, classNames } = images;

/** Without a convolution, whose gradient the wasm backend lacks. */
function buildDense(learningRate: number): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [height, width, channels] }),
      tf.layers.dense({
        units: classNames.length,
        name: 'dense',
        kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      }),
    ],
  });
  compileClassifier(model, { optimizer: 'sgd', learningRate });
  return model;
}

const installed: string[] = [];
for (const name of ['simd', 'cpu', 'wasm', 'node']) if (await activateBackend(name)) installed.push(name);
afterAll(() => tf.setBackend('cpu'));

it('three backends are tested, and tfjs-node where it is installed', () => {
  expect(installed).toEqual(expect.arrayContaining(['simd', 'cpu', 'wasm']));
});

describe.each(installed)('on the backend %s', (name) => {
  beforeAll(async () => {
    await activateBackend(name);
  });

  const fitWith = async (learningRate: number) => {
    const model = buildDense(learningRate);
    const options = { train: batches(images, { batchSize: 8, seed: 1 }), epochs: 3 };
    const validation = batches(images, { shuffle: false });
    return { model, history: await fit(model, { ...options, validation }) };
  };

  it('a training whose rate is too high is diverged, and ends', async () => {
    const { model, history } = await fitWith(1e38);
    expect(history.length).toBeLessThan(3);
    expect(history.at(-1)!.diverged).toMatch(/weight dense\/(kernel|bias) (NaN|-?Infinity)/);
    expect(await nonFiniteWeight(model)).toMatchObject({ name: expect.stringMatching(/^dense/) });
    model.dispose();
  });

  it('a training with a low rate is not', async () => {
    const { model, history } = await fitWith(1e-3);
    expect(history.map(({ diverged }) => diverged)).toEqual([undefined, undefined, undefined]);
    expect(await nonFiniteWeight(model)).toBeUndefined();
    model.dispose();
  });

  it.each([NaN, Infinity])('a bias of %s is not evaluated', async (value) => {
    const model = buildDense(1e-3);
    const { val } = model.weights[1] as unknown as { val: tf.Variable };
    tf.tidy(() => val.assign(tf.fill(val.shape, value)));
    await expect(evaluateModel(model, images)).rejects.toThrow(
      `Expected finite weights, got ${value} in dense/bias`,
    );
    model.dispose();
  });
});
