import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadStateDict, readStateDict } from '../../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

const torchFile = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../fixtures/torch/${name}`, import.meta.url))));

interface Expected {
  /** Channels last. */
  readonly input: number[];
  readonly inputShape: [number, number, number, number];
  readonly output: number[];
  readonly keys: string[];
  readonly types: Record<string, { shape: number[]; values: number[] }>;
}

/** What PyTorch computed: fixtures/make-torch.py. */
const expected = JSON.parse(new TextDecoder().decode(torchFile('torch.json'))) as Expected;

/** The network of the fixtures. */
function network(names: Readonly<Record<string, string>> = {}): tf.Sequential {
  const { conv2d, batchNormalization, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const named = (name: string) => names[name] ?? name;
  return tf.sequential({
    layers: [
      conv2d({ name: named('conv1'), filters: 3, kernelSize: 3, padding: 'same', inputShape: [6, 8, 2] }),
      batchNormalization({ name: named('bn1'), epsilon: 1e-5 }),
      reLU({}),
      conv2d({ name: named('conv2'), filters: 4, kernelSize: 3, activation: 'relu' }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ name: named('fc1'), units: 5, activation: 'relu' }),
      dense({ name: named('fc2'), units: 3 }),
    ],
  });
}

function largestDifference(model: tf.LayersModel): number {
  return tf.tidy(() => {
    const output = model.predict(tf.tensor(expected.input, expected.inputShape)) as tf.Tensor;
    const values = output.dataSync();
    return Math.max(...expected.output.map((value, i) => Math.abs(values[i] - value)));
  });
}

const FILES = ['zip.pth', 'old.pt', 'checkpoint.pth', 'checkpoint-old.pth', 'parallel.pth'];

describe('readStateDict', () => {
  it.each(FILES)(
    'reads the tensors in %s, with which the network computes what it does in PyTorch',
    (name) => {
      const tensors = readStateDict(torchFile(name), { fileName: name });
      expect([...tensors.keys()]).toEqual(expected.keys);
      const model = network();
      loadStateDict(model, tensors);
      expect(largestDifference(model)).toBeLessThan(1e-6);
      model.dispose();
    },
  );

  it.each(['types.pth', 'types-old.pt'])('reads all data types, views and parameters in %s', (name) => {
    const tensors = readStateDict(torchFile(name));
    expect([...tensors.keys()]).toEqual(Object.keys(expected.types));
    for (const [key, { shape, values }] of Object.entries(expected.types)) {
      expect([key, tensors.get(key)!.shape]).toEqual([key, shape]);
      expect([key, [...tensors.get(key)!.values]]).toEqual([key, values.map(Math.fround)]);
    }
  });

  it('reads safetensors too', () => {
    const bytes = readFileSync(fileURLToPath(new URL('../fixtures/3conv.safetensors', import.meta.url)));
    expect(readStateDict(new Uint8Array(bytes)).size).toBeGreaterThan(3);
  });

  it('takes the entry of a checkpoint that is asked for', () => {
    const bytes = torchFile('checkpoint.pth');
    expect([...readStateDict(bytes, { entry: 'model_state_dict' }).keys()]).toEqual(expected.keys);
    expect(() => readStateDict(bytes, { entry: 'ema' })).toThrow(
      'Expected entry to be a state dict of the file ("model_state_dict"), got "ema"',
    );
  });

  it.each<[string, () => Uint8Array, RegExp]>([
    [
      'a pickled model',
      () => torchFile('whole.pt'),
      /^Expected a\.pt to hold a state dict, got an object of the class __main__\.Net, which is code: save the weights alone, with torch\.save\(model\.state_dict\(\), FILE\)$/,
    ],
    [
      'a zip without a pickle',
      () => zipSync({ 'a.txt': strToU8('x') }),
      /^Expected a\.pt to hold data\.pkl of PyTorch, found a\.txt$/,
    ],
    [
      'a TorchScript program',
      () => zipSync({ ...unzipSync(torchFile('zip.pth')), 'zip/code/model.py': strToU8('x') }),
      /^Expected a\.pt to hold a state dict, got a TorchScript program: save model\.state_dict\(\) with torch\.save$/,
    ],
    [
      'big-endian numbers',
      () => zipSync({ ...unzipSync(torchFile('zip.pth')), 'zip/byteorder': strToU8('big') }),
      /^Expected the numbers in a\.pt to be little-endian$/,
    ],
    [
      'a storage that is missing',
      () => {
        const entries = unzipSync(torchFile('zip.pth'));
        delete entries['zip/data/1'];
        return zipSync(entries);
      },
      /^Expected a\.pt to hold the tensor "conv1\.bias", got no storage "1"$/,
    ],
    [
      'a storage that is too short',
      () => zipSync({ ...unzipSync(torchFile('zip.pth')), 'zip/data/1': new Uint8Array(11) }),
      /^Expected a\.pt to hold the tensor "conv1\.bias", got a storage of 11 bytes for 3 values of 4 bytes$/,
    ],
    [
      'an old file that is cut off',
      () => torchFile('old.pt').subarray(0, -5),
      /^Expected a\.pt to hold the numbers of its tensors, found its end at byte 3078: it is cut off$/,
    ],
    [
      'something else',
      () => strToU8('hello, world'),
      /^Expected a\.pt to be a PyTorch file \(\.pt, \.pth\) or a safetensors file; it begins with 68 65 6c 6c$/,
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readStateDict(bytes(), { fileName: 'a.pt' })).toThrow(message);
  });
});

describe('loadStateDict', () => {
  const tensors = () => readStateDict(torchFile('zip.pth'));
  const otherNames = { conv1: 'c_a', bn1: 'b_a', conv2: 'c_b', fc1: 'd_a', fc2: 'd_b' };

  it('tells which tensor went where, and which are not used', () => {
    const model = network();
    const { assignments, ignored } = loadStateDict(model, tensors());
    model.dispose();
    expect(assignments.slice(0, 3)).toEqual([
      { tensor: 'conv1.weight', layer: 'conv1', weight: 'kernel', change: 'axes 2, 3, 1, 0' },
      { tensor: 'conv1.bias', layer: 'conv1', weight: 'bias', change: '' },
      { tensor: 'bn1.weight', layer: 'bn1', weight: 'gamma', change: '' },
    ]);
    expect(assignments.find(({ tensor }) => tensor === 'fc1.weight')).toEqual({
      tensor: 'fc1.weight',
      layer: 'fc1',
      weight: 'kernel',
      change: 'axes 1, 0; inputs reordered from (channel, row, column)',
    });
    expect(assignments).toHaveLength(12);
    expect(ignored).toEqual(['bn1.num_batches_tracked']);
  });

  it('finds modules by their order, for each kind of layer', () => {
    const model = network(otherNames);
    expect(() => loadStateDict(model, tensors())).toThrow(/^Expected the state dict to hold c_a\.weight/);
    const { assignments } = loadStateDict(model, tensors(), { match: 'order' });
    expect(assignments.map(({ tensor, layer }) => `${tensor} ${layer}`)).toContain('conv2.weight c_b');
    expect(largestDifference(model)).toBeLessThan(1e-6);
    model.dispose();
  });

  it('finds modules by their order if PyTorch defines them in another one', () => {
    const all = tensors();
    const order = ['fc1', 'fc2', 'bn1', 'conv1', 'conv2'];
    const shuffled = new Map(
      order.flatMap((module) => [...all].filter(([name]) => name.startsWith(`${module}.`))),
    );
    const model = network(otherNames);
    loadStateDict(model, shuffled, { match: 'order' });
    expect(largestDifference(model)).toBeLessThan(1e-6);
    model.dispose();
  });

  it('finds a module whose name has dots where the layer has other separators', () => {
    const nested = new Map([...tensors()].map(([name, values]) => [`net.0.${name}`, values]));
    const model = network(Object.fromEntries(Object.keys(otherNames).map((name) => [name, `net_0_${name}`])));
    loadStateDict(model, nested);
    expect(largestDifference(model)).toBeLessThan(1e-6);
    model.dispose();
  });

  it.each<[string, (model: tf.Sequential) => tf.LayersModel, RegExp]>([
    [
      'branches',
      ({ inputs, layers }) => {
        const x = layers[0].output as tf.SymbolicTensor;
        const y = tf.layers.add().apply([x, layers[1].output as tf.SymbolicTensor]) as tf.SymbolicTensor;
        return tf.model({ inputs, outputs: y });
      },
      /^Expected a chain of layers for match "order", got one in which add_.* reads 2 outputs: /,
    ],
    [
      'fewer layers',
      ({ inputs, layers }) => tf.model({ inputs, outputs: layers[5].output as tf.SymbolicTensor }),
      /^Expected a layer of the kind Dense for each of 2 modules \(fc1, fc2\), got 0$/,
    ],
  ])('refuses %s to be matched by order', (_, change, message) => {
    const model = change(network(otherNames));
    expect(() => loadStateDict(model, tensors(), { match: 'order' })).toThrow(message);
  });

  it('splits the kernel of a depthwise convolution by its inputs', () => {
    const layer = tf.layers.depthwiseConv2d({
      name: 'dw',
      kernelSize: [3, 2],
      depthMultiplier: 2,
      inputShape: [5, 6, 3],
    });
    const model = tf.sequential({ layers: [layer] });
    const values = Float32Array.from({ length: 36 }, (_, i) => Math.sin(i));
    const bias = Float32Array.from({ length: 6 }, (_, i) => i / 10);
    const state = new Map([
      ['dw.weight', { shape: [6, 1, 3, 2], values }],
      ['dw.bias', { shape: [6], values: bias }],
    ]);
    loadStateDict(model, state);
    const x = Float32Array.from({ length: 90 }, (_, i) => Math.cos(i));
    const y = model.predict(tf.tensor(x, [1, 5, 6, 3])) as tf.Tensor4D;
    const actual = y.arraySync()[0];
    // The definition of a convolution with groups = 3 in PyTorch: output o reads input floor(o / 2).
    for (const [row, column, o] of [
      [0, 0, 0],
      [1, 2, 1],
      [2, 4, 2],
      [0, 3, 5],
      [2, 1, 4],
    ]) {
      let sum = bias[o];
      for (let i = 0; i < 3; i++)
        for (let j = 0; j < 2; j++)
          sum += values[o * 6 + i * 2 + j] * x[((row + i) * 6 + column + j) * 3 + Math.floor(o / 2)];
      expect(actual[row][column][o]).toBeCloseTo(sum, 5);
    }
    model.dispose();
  });
});
