import { readFileSync } from 'node:fs';
import { cifar103conv } from '@convlens/models';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importStateDict, readSafetensors } from '../src/index.js';
import { inputValues } from './reference.js';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
const { logits } = JSON.parse(new TextDecoder().decode(fixture('3conv.json')));
const saved = fixture('3conv.safetensors');

/** The network of make-state-dict.py: the layers of cifar10-3conv in small, and a batch norm. */
function network() {
  const { conv2d, batchNormalization, reLU, maxPooling2d, flatten, dropout, dense } = tf.layers;
  const pooled = (filters: number, name: string, norm: tf.layers.Layer[] = []) => [
    conv2d({
      name,
      filters,
      kernelSize: 3,
      padding: 'same',
      ...(norm.length ? { inputShape: [32, 32, 3] } : {}),
    }),
    ...norm,
    reLU(),
    maxPooling2d({ poolSize: 2 }),
  ];
  return tf.sequential({
    layers: [
      ...pooled(4, 'conv1', [batchNormalization({ name: 'norm' })]),
      ...pooled(6, 'conv2'),
      ...pooled(8, 'conv3'),
      flatten(),
      dropout({ rate: 0.25 }),
      dense({ name: 'fc1', units: 16, activation: 'relu' }),
      dense({ name: 'fc2', units: 10 }),
    ],
  });
}

/** A safetensors file by its definition: 8 bytes of length, a header of JSON, the arrays. */
const written = (header: object, data: ArrayLike<number> = []) => {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
};

beforeAll(async () => {
  await tf.setBackend('simd');
  await tf.ready();
});

describe('importStateDict', () => {
  it('makes a model predict what PyTorch does, within 1e-5', () => {
    const model = network();
    const before = tf.memory().numTensors;
    importStateDict(model, readSafetensors(saved), { names: { norm: 'bn' } });
    expect(tf.memory().numTensors).toBe(before);
    const found = tf.tidy(() =>
      (model.predict(tf.tensor(inputValues([2, 32, 32, 3], 0), [2, 32, 32, 3])) as tf.Tensor).dataSync(),
    );
    const expected: number[] = logits.flat();
    expect(Math.max(...expected.map((value, i) => Math.abs(value - found[i])))).toBeLessThan(1e-5);
    model.dispose();
  });

  it("makes source C's own network, cifar10-3conv, predict what PyTorch does, within 1e-5", () => {
    const { shapes, logits: expected } = JSON.parse(
      new TextDecoder().decode(fixture('cifar10-3conv.json')),
    ) as { shapes: Record<string, number[]>; logits: number[][] };
    const header: Record<string, object> = {};
    const parts = Object.entries(shapes).map(([name, shape], k) => {
      const inputs = shapes[name.replace('bias', 'weight')].slice(1).reduce((a, b) => a * b, 1);
      const scale = Math.fround(2 / Math.sqrt(inputs));
      return { name, shape, values: inputValues(shape, k).map((value) => (value - 0.5) * scale) };
    });
    let at = 0;
    for (const { name, shape, values } of parts)
      header[name] = { dtype: 'F32', shape, data_offsets: [at, (at += 4 * values.length)] };
    const data = Buffer.concat(parts.map(({ values }) => Buffer.from(values.buffer)));

    const model = cifar103conv();
    importStateDict(model, readSafetensors(written(header, data)));
    const found = tf.tidy(() =>
      (model.predict(tf.tensor(inputValues([2, 32, 32, 3], 0), [2, 32, 32, 3])) as tf.Tensor).dataSync(),
    );
    expect(Math.max(...expected.flat().map((value, i) => Math.abs(value - found[i])))).toBeLessThan(1e-5);
    model.dispose();
  });

  it('says which weight is missing, left over or of another shape, and changes nothing', () => {
    const model = network();
    const tensors = readSafetensors(saved);
    const weight = () => model.getLayer('conv1').getWeights()[0].dataSync()[0];
    const first = weight();
    const fails = (change: (copy: typeof tensors) => void, message: RegExp) => {
      const copy = new Map(tensors);
      change(copy);
      expect(() => importStateDict(model, copy, { names: { norm: 'bn' } })).toThrow(message);
      expect(weight()).toBe(first);
    };
    fails((copy) => copy.delete('fc2.bias'), /to hold fc2\.bias for bias of layer "fc2"/);
    fails((copy) => copy.set('fc3.bias', copy.get('fc2.bias')!), /found none for fc3\.bias/);
    fails(
      (copy) => copy.set('fc2.bias', copy.get('fc1.bias')!),
      /fc2\.bias to fit bias of layer "fc2", 10, got 16/,
    );
    expect(() => importStateDict(model, tensors)).toThrow(/norm\.weight/);
    model.dispose();
  });
});

describe('readSafetensors', () => {
  const one = (dtype: string, bytes: number[]) =>
    readSafetensors(written({ x: { dtype, shape: [1], data_offsets: [0, bytes.length] } }, bytes)).get('x')!
      .values[0];

  it('reads each type of number', () => {
    expect(one('F16', [0x00, 0xc1])).toBe(-2.5);
    expect(one('BF16', [0x20, 0xc0])).toBe(-2.5);
    expect(one('F32', [0, 0, 0x20, 0xc0])).toBe(-2.5);
    expect(one('F64', [0, 0, 0, 0, 0, 0, 0x04, 0xc0])).toBe(-2.5);
    expect(one('I64', [0xfe, ...Array(7).fill(0xff)])).toBe(-2);
    expect(one('I8', [0xfe])).toBe(-2);
    expect(one('U8', [0xfe])).toBe(254);
  });

  it('refuses what lies about lengths, and says what and where', () => {
    const x = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
    expect(() => readSafetensors(new Uint8Array(3))).toThrow(/found 3 bytes/);
    expect(() => readSafetensors(saved.subarray(0, 100))).toThrow(/a header of \d+ bytes in a file of 100/);
    expect(() => readSafetensors(saved.subarray(0, -1))).toThrow(/"fc2\.bias" of shape 10/);
    expect(() => readSafetensors(written({ x }, [0, 0, 0, 0]))).toThrow(
      /"x" of shape 2 at bytes 0 to 8 of 4/,
    );
    expect(() => readSafetensors(written({ x: { ...x, shape: [3] } }, Array(8).fill(0)))).toThrow(/shape 3/);
    expect(() => readSafetensors(written({ x, y: x }, Array(8).fill(0)))).toThrow(/overlap/);
    expect(() => readSafetensors(written({ x: { ...x, dtype: 'F8' } }))).toThrow(/"F8"; known are F64/);
  });
});
