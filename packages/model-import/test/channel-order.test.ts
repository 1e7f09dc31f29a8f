import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importStateDict, type NamedTensor } from '../src/index.js';

interface Network {
  readonly state: Record<string, { shape: number[]; values: number[] }>;
  readonly inputs: tf.TensorLike;
  readonly outputs: number[][];
}

const networks: Record<string, Network> = JSON.parse(
  readFileSync(new URL('fixtures/flattened.json', import.meta.url), 'utf8'),
);
const stateOf = (name: string): Map<string, NamedTensor> =>
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

function normed(flat: tf.layers.Layer): tf.LayersModel {
  const inputs = tf.input({ shape: [4, 5, 2] });
  const maps = apply(conv2d({ name: 'conv', filters: 3, kernelSize: 2 }), inputs);
  const rows = apply(batchNormalization({ name: 'bn' }), apply(flat, maps));
  return tf.model({ inputs, outputs: apply(dense({ name: 'fc', units: 4 }), apply(reLU(), rows)) });
}

function sequence(): tf.LayersModel {
  const inputs = tf.input({ shape: [5, 2] });
  const steps = apply(conv1d({ name: 'conv', filters: 3, kernelSize: 2 }), inputs);
  return tf.model({ inputs, outputs: apply(dense({ name: 'fc', units: 4 }), apply(flatten(), steps)) });
}

function joined(): tf.LayersModel {
  const inputs = tf.input({ shape: [4, 5, 2] });
  const maps = apply(conv2d({ name: 'conv', filters: 3, kernelSize: 2 }), inputs);
  const others = apply(conv2d({ name: 'other', filters: 2, kernelSize: 3 }), inputs);
  const parts = [apply(flatten(), maps), apply(globalAveragePooling2d({}), maps), apply(flatten(), others)];
  const rows = apply(concatenate(), ...parts);
  return tf.model({ inputs, outputs: apply(dense({ name: 'fc', units: 4 }), rows) });
}

beforeAll(() => tf.setBackend('cpu'));

describe('importStateDict behind a flatten', () => {
  it.each([
    ['batch norm before the dense layer', 'normed', () => normed(flatten())],
    ['a reshape that flattens', 'normed', () => normed(reshape({ targetShape: [36] }))],
    ['a sequence', 'sequence', sequence],
    ['several flattened maps, joined', 'joined', joined],
  ] as const)('makes a model predict what PyTorch does, within 1e-5: %s', (_, name, make) => {
    const model = make();
    importStateDict(model, stateOf(name));
    const found = tf.tidy(() => (model.predict(tf.tensor(networks[name].inputs)) as tf.Tensor).dataSync());
    const expected = networks[name].outputs.flat();
    expect(Math.max(...expected.map((value, i) => Math.abs(value - found[i])))).toBeLessThan(1e-5);
    model.dispose();
  });

  it('refuses a model whose order cannot be told, and names the layer', () => {
    const inputs = tf.input({ shape: [4, 5, 2] });
    const maps = apply(conv2d({ name: 'conv', filters: 3, kernelSize: 2 }), inputs);
    const turned = apply(flatten(), apply(permute({ name: 'turned', dims: [3, 1, 2] }), maps));
    const fc = (rows: tf.SymbolicTensor) => apply(dense({ name: 'fc', units: 4 }), rows);
    const state = stateOf('normed');
    const refuses = (outputs: tf.SymbolicTensor, message: RegExp) =>
      expect(() => importStateDict(tf.model({ inputs, outputs }), state)).toThrow(message);
    refuses(fc(turned), /layer "turned" of class Permute: it exchanges axes before they are flattened/);
    const small = apply(reshape({ name: 'images', targetShape: [6, 6] }), apply(flatten(), maps));
    refuses(fc(apply(flatten(), small)), /layer "images" of class Reshape: it makes images of rows/);
    const inner = tf.sequential({ name: 'inner', layers: [dense({ units: 4, inputShape: [36] })] });
    refuses(apply(inner, apply(flatten(), maps)), /got "inner", a model within it/);
  });

  it('refuses a tensor that has not as many values as its shape says, before it sets one', () => {
    const model = sequence();
    const state = stateOf('sequence');
    state.set('fc.bias', { shape: [4], values: new Float32Array(3) });
    const kernel = () => model.getLayer('conv').getWeights()[0].dataSync()[0];
    const first = kernel();
    expect(() => importStateDict(model, state)).toThrow(/fc\.bias to have 4 values, got 3/);
    expect(kernel()).toBe(first);
    model.dispose();
  });
});
