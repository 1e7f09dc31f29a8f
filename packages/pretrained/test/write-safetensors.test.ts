import { createHash } from 'node:crypto';
import { UNIT_RANGE } from '@convlens/core';
import { decodeFloat16, encodeFloat16 } from '@convlens/formats';
import { readSafetensors } from '@convlens/model-import';
import { buildModel, cifar10Fast } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSafetensors, MODEL_CARDS, type ModelCard } from '../src/index.js';
import { restoreModel } from '../src/restore-model.js';

beforeAll(() => tf.setBackend('cpu'));

/** Compares bit for bit; much faster than a matcher on large arrays. */
const isSame = (a: Float32Array, b: Float32Array) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));

const roundToFloat16 = (values: Float32Array) => values.map((value) => decodeFloat16(encodeFloat16(value)));

/** The card of a model that was not trained. */
function cardOf(architecture: string, bytes: Uint8Array): ModelCard {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    ...MODEL_CARDS[0],
    id: 'untrained',
    architecture,
    inputShape: [16, 16, 3],
    classNames: ['a', 'b', 'c'],
    preprocessing: UNIT_RANGE,
    weights: { bytes: bytes.length, sha256 },
  };
}

const build = (name: string) => buildModel(name, { inputShape: [16, 16, 3], classes: 3, seed: 7 });

describe('writeSafetensors', () => {
  it('writes a file that readSafetensors reads: each weight by its name, rounded to float16', () => {
    const model = cifar10Fast({ widths: [8, 8, 8], seed: 7 });
    const tensors = readSafetensors(writeSafetensors(model));
    expect(tensors.size).toBe(model.weights.length);
    for (const weight of model.weights) {
      const { shape, values } = tensors.get(weight.originalName)!;
      const expected = roundToFloat16(weight.read().dataSync<'float32'>());
      expect(shape).toEqual(weight.shape);
      expect([weight.originalName, isSame(values, expected)]).toEqual([weight.originalName, true]);
    }
    model.dispose();
  });

  it('writes the same weights whether or not the first layer is frozen', () => {
    const model = build('resnet20');
    const bytes = writeSafetensors(model);
    model.layers[1].trainable = false;
    const sorted = (file: Uint8Array) => [...readSafetensors(file)].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(sorted(writeSafetensors(model))).toEqual(sorted(bytes));
    model.dispose();
  });

  it('refuses a weight that float16 cannot represent, by its name', () => {
    const model = build('shapes-3conv');
    const layer = model.getLayer('conv1');
    const [kernel, bias] = layer.getWeights();
    layer.setWeights([tf.fill(kernel.shape, 70_000), bias]);
    expect(() => writeSafetensors(model)).toThrow(
      'Expected conv1/kernel to fit float16 (absolute values below 65520), got 70000 at index 0',
    );
    model.dispose();
  });
});

describe('restoreModel', () => {
  it.each(['shapes-3conv', 'resnet20'])('restores the weights of %s', (name) => {
    const model = build(name);
    const bytes = writeSafetensors(model);
    const before = tf.memory().numTensors;
    const restored = restoreModel(cardOf(name, bytes), bytes);
    const original = new Map(model.weights.map((weight) => [weight.originalName, weight.read()]));
    for (const weight of restored.weights) {
      const expected = roundToFloat16(original.get(weight.originalName)!.dataSync<'float32'>());
      const actual = weight.read().dataSync<'float32'>();
      expect([weight.originalName, isSame(actual, expected)]).toEqual([weight.originalName, true]);
    }
    restored.dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('refuses bytes without the checksum of the card, and names both checksums', () => {
    const model = build('shapes-3conv');
    const bytes = writeSafetensors(model);
    model.dispose();
    const card = cardOf('shapes-3conv', bytes);
    const before = tf.memory().numTensors;
    for (const damaged of [
      bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1),
      bytes.subarray(1),
      new Uint8Array(0),
    ])
      expect(() => restoreModel(card, damaged)).toThrow(
        new RegExp(`weights of untrained to have the SHA-256 ${card.weights.sha256}, got [0-9a-f]{64}`),
      );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses the weights of another architecture, names the first, and leaves no tensor behind', () => {
    const model = build('shapes-3conv');
    const bytes = writeSafetensors(model);
    model.dispose();
    const before = tf.memory().numTensors;
    expect(() => restoreModel(cardOf('keras-cifar10', bytes), bytes)).toThrow(
      /Expected \S+ of untrained to be .* as in this version of keras-cifar10, got/,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
