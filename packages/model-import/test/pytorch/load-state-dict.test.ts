import { readFileSync } from 'node:fs';
import { cifar10ThreeConv } from '@convlens/models';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadStateDict, readSafetensors } from '../../src/index.js';
import { inputValues } from '../reference.js';
import { joinSafetensors } from './join-safetensors.js';

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
const readJson = (name: string) => JSON.parse(new TextDecoder().decode(fixture(name)));
const stateDictFile = fixture('3conv.safetensors');

/** The network of make-state-dict.py: a small cifar10-3conv with batch normalization. */
function smallThreeConv() {
  const { conv2d, batchNormalization, reLU, maxPooling2d, flatten, dropout, dense } = tf.layers;
  const convolution = { kernelSize: 3, padding: 'same' } as const;
  return tf.sequential({
    layers: [
      conv2d({ ...convolution, name: 'conv1', filters: 4, inputShape: [32, 32, 3] }),
      batchNormalization({ name: 'norm' }),
      reLU(),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ ...convolution, name: 'conv2', filters: 6 }),
      reLU(),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ ...convolution, name: 'conv3', filters: 8 }),
      reLU(),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dropout({ rate: 0.25 }),
      dense({ name: 'fc1', units: 16, activation: 'relu' }),
      dense({ name: 'fc2', units: 10 }),
    ],
  });
}

/** The logits for the images of make-state-dict.py. */
const predictLogits = (model: tf.LayersModel) =>
  tf.tidy(() => {
    const shape = [2, 32, 32, 3];
    return (model.predict(tf.tensor(inputValues(shape, 0), shape)) as tf.Tensor).dataSync();
  });

const largestDifference = (actual: ArrayLike<number>, expected: readonly number[]) =>
  Math.max(...expected.map((value, i) => Math.abs(value - actual[i])));

beforeAll(async () => {
  await tf.setBackend('simd');
  await tf.ready();
});

describe('loadStateDict', () => {
  it('makes a model predict what PyTorch does, within 1e-5', () => {
    const model = smallThreeConv();
    const before = tf.memory().numTensors;
    loadStateDict(model, readSafetensors(stateDictFile), { moduleNames: { norm: 'bn' } });
    expect(tf.memory().numTensors).toBe(before);
    expect(largestDifference(predictLogits(model), readJson('3conv.json').logits.flat())).toBeLessThan(1e-5);
    model.dispose();
  });

  it('makes cifar10-3conv, the network of project C, predict what PyTorch does, within 1e-5', () => {
    const { shapes, logits } = readJson('cifar10-3conv.json') as {
      shapes: Record<string, number[]>;
      logits: number[][];
    };
    // The weights come from a formula, as in make-state-dict.py.
    const weights = Object.entries(shapes).map(([name, shape], k) => {
      const inputCount = shapes[name.replace('bias', 'weight')].slice(1).reduce((a, b) => a * b, 1);
      const scale = Math.fround(2 / Math.sqrt(inputCount));
      return { name, shape, values: inputValues(shape, k).map((value) => (value - 0.5) * scale) };
    });
    const header: Record<string, object> = {};
    let offset = 0;
    for (const { name, shape, values } of weights)
      header[name] = { dtype: 'F32', shape, data_offsets: [offset, (offset += 4 * values.length)] };
    const data = Buffer.concat(weights.map(({ values }) => Buffer.from(values.buffer)));

    const model = cifar10ThreeConv();
    loadStateDict(model, readSafetensors(joinSafetensors(header, data)));
    expect(largestDifference(predictLogits(model), logits.flat())).toBeLessThan(1e-5);
    model.dispose();
  });

  it('names a weight that is missing, unused or of another shape, and changes nothing', () => {
    const model = smallThreeConv();
    const tensors = readSafetensors(stateDictFile);
    const firstValue = () => model.getLayer('conv1').getWeights()[0].dataSync()[0];
    const before = firstValue();
    const expectRefused = (change: (copy: typeof tensors) => void, message: RegExp) => {
      const copy = new Map(tensors);
      change(copy);
      expect(() => loadStateDict(model, copy, { moduleNames: { norm: 'bn' } })).toThrow(message);
      expect(firstValue()).toBe(before);
    };
    expectRefused((copy) => copy.delete('fc2.bias'), /to hold fc2\.bias for bias of layer "fc2"/);
    expectRefused((copy) => copy.set('fc3.bias', copy.get('fc2.bias')!), /found none for fc3\.bias/);
    expectRefused(
      (copy) => copy.set('fc2.bias', copy.get('fc1.bias')!),
      /fc2\.bias to fit bias of layer "fc2", 10, got 16/,
    );
    expect(() => loadStateDict(model, tensors)).toThrow(/norm\.weight/);
    model.dispose();
  });
});
