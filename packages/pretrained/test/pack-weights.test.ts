import { createHash } from 'node:crypto';
import { UNIT_RANGE } from '@convlens/core';
import { readSafetensors } from '@convlens/model-import';
import { buildModel, cifar10Fast } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromBinary16, toBinary16 } from '../src/binary16.js';
import { packWeights, PRETRAINED, type ModelCard } from '../src/index.js';
import { restoreModel } from '../src/restore-model.js';

beforeAll(() => tf.setBackend('cpu'));

/** To the last bit; far quicker than a matcher on large arrays. */
const isSame = (a: Float32Array, b: Float32Array) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));

const rounded = (values: Float32Array) => values.map((value) => fromBinary16(toBinary16(value)));

/** The card of a network that nobody trained. */
function cardOf(architecture: string, bytes: Uint8Array): ModelCard {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const [card] = Object.values(PRETRAINED);
  return {
    ...card,
    name: 'made up',
    architecture,
    inputShape: [16, 16, 3],
    classNames: ['a', 'b', 'c'],
    preprocessing: UNIT_RANGE,
    weights: { bytes: bytes.length, sha256 },
  };
}

const build = (name: string) => buildModel(name, { inputShape: [16, 16, 3], classes: 3, seed: 7 });

describe('packWeights', () => {
  it('writes a safetensors file, which another reader reads: every weight by its name, rounded to 16 bits', () => {
    const model = cifar10Fast({ widths: [8, 8, 8], seed: 7 });
    const tensors = readSafetensors(packWeights(model));
    expect(tensors.size).toBe(model.weights.length);
    for (const weight of model.weights) {
      const { shape, values } = tensors.get(weight.originalName)!;
      expect(shape).toEqual(weight.shape);
      expect([weight.originalName, isSame(values, rounded(weight.read().dataSync<'float32'>()))]).toEqual([
        weight.originalName,
        true,
      ]);
    }
    model.dispose();
  });

  it('writes what is not trained like all else, so that a fixed first layer changes nothing', () => {
    const model = build('resnet20');
    const bytes = packWeights(model);
    model.layers[1].trainable = false;
    const sorted = (file: Uint8Array) => [...readSafetensors(file)].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(sorted(packWeights(model))).toEqual(sorted(bytes));
    model.dispose();
  });

  it('refuses a weight that 16 bits cannot hold, by its name', () => {
    const model = build('shapes-3conv');
    const [kernel] = model.getLayer('conv1').getWeights();
    model
      .getLayer('conv1')
      .setWeights([tf.fill(kernel.shape, 70_000), model.getLayer('conv1').getWeights()[1]]);
    expect(() => packWeights(model)).toThrow(
      'Expected conv1/kernel to hold numbers below 65520, got 70000 at value 0',
    );
    model.dispose();
  });
});

describe('restoreModel', () => {
  it.each(['shapes-3conv', 'resnet20'])('gives back the weights of %s', (name) => {
    const model = build(name);
    const bytes = packWeights(model);
    const before = tf.memory().numTensors;
    const restored = restoreModel(cardOf(name, bytes), bytes);
    const expected = new Map(model.weights.map((weight) => [weight.originalName, weight.read()]));
    for (const weight of restored.weights)
      expect([
        weight.originalName,
        isSame(
          weight.read().dataSync<'float32'>(),
          rounded(expected.get(weight.originalName)!.dataSync<'float32'>()),
        ),
      ]).toEqual([weight.originalName, true]);
    restored.dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('refuses bytes that are not those of the card, and names both checksums', () => {
    const model = build('shapes-3conv');
    const bytes = packWeights(model);
    model.dispose();
    const card = cardOf('shapes-3conv', bytes);
    const before = tf.memory().numTensors;
    for (const damaged of [
      bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1),
      bytes.subarray(1),
      new Uint8Array(0),
    ])
      expect(() => restoreModel(card, damaged)).toThrow(
        new RegExp(`weights of made up to have the SHA-256 ${card.weights.sha256}, got [0-9a-f]{64}`),
      );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses weights of another architecture, names the first, and leaves no tensor', () => {
    const model = build('shapes-3conv');
    const bytes = packWeights(model);
    model.dispose();
    const before = tf.memory().numTensors;
    expect(() => restoreModel(cardOf('keras-cifar10', bytes), bytes)).toThrow(
      /Expected \S+ of made up to be .* as in this version's keras-cifar10, got/,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
