import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadStateDict, type TensorValues } from '../../src/index.js';

/** A PyTorch network of make-flattened.py. */
interface Network {
  readonly state: Record<string, { shape: number[]; values: number[] }>;
  readonly inputs: tf.TensorLike;
  readonly outputs: number[][];
}

const networks: Record<string, Network> = JSON.parse(
  readFileSync(new URL('../fixtures/flattened.json', import.meta.url), 'utf8'),
);
const stateDictOf = (name: string): Map<string, TensorValues> =>
  new Map(
    Object.entries(networks[name].state).map(([key, { shape, values }]) => [
      key,
      { shape, values: Float32Array.from(values) },
    ]),
  );

const { conv1d, conv2d, batchNormalization, dense, flatten, reLU, reshape, permute, concatenate } = tf.layers;
const { globalAveragePooling2d } = tf.layers;
const apply = (layer: tf.layers.Layer, ...inputs: tf.SymbolicTensor[]) =>
  layer.apply(inputs.length === 1 ? inputs[0] : inputs) as tf.SymbolicTensor;

/** Batch normalization between a flatten and a dense layer. */
function normed(flattening: tf.layers.Layer): tf.LayersModel {
  const inputs = tf.input({ shape: [4, 5, 2] });
  const maps = apply(conv2d({ name: 'conv', filters: 3, kernelSize: 2 }), inputs);
  const vectors = apply(batchNormalization({ name: 'bn' }), apply(flattening, maps));
  return tf.model({ inputs, outputs: apply(dense({ name: 'fc', units: 4 }), apply(reLU(), vectors)) });
}

function sequence(): tf.LayersModel {
  const inputs = tf.input({ shape: [5, 2] });
  const steps = apply(conv1d({ name: 'conv', filters: 3, kernelSize: 2 }), inputs);
  return tf.model({ inputs, outputs: apply(dense({ name: 'fc', units: 4 }), apply(flatten(), steps)) });
}

/** Two flattened layer outputs and pooled channels, concatenated. */
function joined(): tf.LayersModel {
  const inputs = tf.input({ shape: [4, 5, 2] });
  const maps = apply(conv2d({ name: 'conv', filters: 3, kernelSize: 2 }), inputs);
  const otherMaps = apply(conv2d({ name: 'other', filters: 2, kernelSize: 3 }), inputs);
  const parts = [
    apply(flatten(), maps),
    apply(globalAveragePooling2d({}), maps),
    apply(flatten(), otherMaps),
  ];
  const vectors = apply(concatenate(), ...parts);
  return tf.model({ inputs, outputs: apply(dense({ name: 'fc', units: 4 }), vectors) });
}

beforeAll(() => tf.setBackend('cpu'));

describe('loadStateDict behind a flatten', () => {
  it.each([
    ['batch normalization before the dense layer', 'normed', () => normed(flatten())],
    ['a Reshape layer that flattens', 'normed', () => normed(reshape({ targetShape: [36] }))],
    ['a sequence', 'sequence', sequence],
    ['several flattened layer outputs, concatenated', 'joined', joined],
  ] as const)('makes a model predict what PyTorch does, within 1e-5: %s', (_, name, create) => {
    const model = create();
    loadStateDict(model, stateDictOf(name));
    const actual = tf.tidy(() => (model.predict(tf.tensor(networks[name].inputs)) as tf.Tensor).dataSync());
    const expected = networks[name].outputs.flat();
    expect(Math.max(...expected.map((value, i) => Math.abs(value - actual[i])))).toBeLessThan(1e-5);
    model.dispose();
  });

  it('refuses a model whose input order cannot be determined, and names the layer', () => {
    const inputs = tf.input({ shape: [4, 5, 2] });
    const maps = apply(conv2d({ name: 'conv', filters: 3, kernelSize: 2 }), inputs);
    const fc = (vectors: tf.SymbolicTensor) => apply(dense({ name: 'fc', units: 4 }), vectors);
    const expectRefused = (outputs: tf.SymbolicTensor, message: RegExp) =>
      expect(() => loadStateDict(tf.model({ inputs, outputs }), stateDictOf('normed'))).toThrow(message);

    const permuted = apply(flatten(), apply(permute({ name: 'permuted', dims: [3, 1, 2] }), maps));
    expectRefused(fc(permuted), /layer "permuted" of class Permute: it permutes axes before a flatten/);
    const small = apply(reshape({ name: 'images', targetShape: [6, 6] }), apply(flatten(), maps));
    expectRefused(
      fc(apply(flatten(), small)),
      /layer "images" of class Reshape: it reshapes vectors to images/,
    );
    const inner = tf.sequential({ name: 'inner', layers: [dense({ units: 4, inputShape: [36] })] });
    expectRefused(apply(inner, apply(flatten(), maps)), /without nested models, got "inner"/);
  });

  it('refuses a tensor with fewer values than its shape has, before it sets a weight', () => {
    const model = sequence();
    const stateDict = stateDictOf('sequence');
    stateDict.set('fc.bias', { shape: [4], values: new Float32Array(3) });
    const firstValue = () => model.getLayer('conv').getWeights()[0].dataSync()[0];
    const before = firstValue();
    expect(() => loadStateDict(model, stateDict)).toThrow(/fc\.bias to have 4 values, got 3/);
    expect(firstValue()).toBe(before);
    model.dispose();
  });
});
