import { readFileSync } from 'node:fs';
import { IDENTITY } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { strFromU8, unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { openHdf5 } from '../src/hdf5/open-hdf5.js';
import { importKeras } from '../src/index.js';
import { inputValues } from './input-values.js';

interface Expected {
  readonly inputs: readonly number[][];
  readonly outputs: readonly { readonly shape: readonly number[]; readonly values: readonly number[] }[];
}

const files = unzipSync(readFileSync(new URL('fixtures/unusual.zip', import.meta.url)));
const reference: Record<string, Expected> = JSON.parse(strFromU8(files['reference.json']));
const open = (name: string) => importKeras(files[name], { name });

beforeAll(() => tf.setBackend('cpu'));

/** How far the outputs of an opened file are from what Keras computed; shapes that it declares must be those it has. */
async function farthest(name: string): Promise<number> {
  const { model } = await open(name);
  const { inputs, outputs } = reference[name];
  const worst = tf.tidy(() => {
    const fed = inputs.map((shape, k) => tf.tensor(inputValues(shape, k), shape));
    const found = [model.predict(fed) as tf.Tensor | tf.Tensor[]].flat();
    return outputs.flatMap(({ shape, values }, k) => {
      expect(found[k].shape, `output ${k}`).toEqual(shape);
      expect(model.outputs[k].shape.slice(1), `output ${k}`).toEqual(shape.slice(1));
      const data = found[k].dataSync();
      const scale = Math.max(1, ...values.map(Math.abs));
      return values.map((value, i) => Math.abs(value - data[i]) / scale);
    });
  });
  model.dispose();
  return worst.reduce((most, error) => (error <= most ? most : error), 0);
}

describe('what is seldom in a file of Keras', () => {
  it.each([
    ['layers.keras', 'options that few use: several axes, arrays, operands that spread, adaptive pooling'],
    ['layers.h5', 'the same in .h5'],
    ['volumes.keras', 'pooling of volumes'],
    ['functions.keras', 'functions of keras.ops with options'],
    ['arithmetic.keras', 'sums and products with numbers and tensors'],
    ['arithmetic.h5', 'the same in .h5, which does not say that they are no layers'],
    ['twins.keras', 'layers of one name in two models within the model'],
    ['twins.h5', 'the same in .h5, where their weights lie in one group'],
    ['keras2-slashes.h5', 'slashes in the names of layers'],
    ['keras2-list.h5', 'a Sequential that is a list of layers'],
  ])('%s computes what Keras does, within 1e-5: %s', async (name) => {
    expect(await farthest(name)).toBeLessThan(1e-5);
  });

  it('is refused by name where TensorFlow.js would compute something else', async () => {
    await expect(open('gaps.keras')).rejects.toThrow(/class MaxPooling3D with strides beyond its windows/);
    await expect(open('ranks.keras')).rejects.toThrow(
      /class Multiply with operands that have not as many axes/,
    );
    await expect(open('ranks.h5')).rejects.toThrow(/class Multiply with operands that have not as many axes/);
    await expect(open('twice.keras')).rejects.toThrow(/twice\.keras to put out each tensor once/);
    await expect(open('quantized.keras')).rejects.toThrow(/class Dense with weights quantized to int8/);
  });

  it('is told in a note: a network that computes in 16 bits computes in 32 here', async () => {
    const { model, notes } = await open('half.keras');
    expect(notes).toContain('layers that compute in mixed_float16 in Keras compute in float32 here');
    expect(notes.filter((note) => note.includes('float16'))).toHaveLength(1);
    model.dispose();
    expect(await farthest('half.keras')).toBeLessThan(2e-3);
  });

  it('is not taken for reading pixels where it begins by scaling what is already from 0 to 1', async () => {
    const known = async (name: string) => {
      const { model, preprocessing } = await open(name);
      model.dispose();
      return preprocessing;
    };
    expect(await known('unit.keras')).toBeUndefined();
    expect(await known('standard.keras')).toBeUndefined();
    expect(await known('pixels.keras')).toEqual(IDENTITY);
  });
});

describe('arrays of other types of numbers', () => {
  it.each(['unsigned.h5', 'big.h5', 'half-floats.h5'])('are read as what they are: %s', (name) => {
    const { shape, values } = openHdf5(files[name], name).child('x')!;
    expect(shape).toEqual([3, 4]);
    expect([...values()]).toEqual(Array.from({ length: 12 }, (_, i) => 200 + i));
  });

  it('are refused where their bits mean something else: bfloat16.h5', () => {
    expect(() => openHdf5(files['bfloat16.h5'], 'bfloat16.h5').child('x')!.values()).toThrow(
      /the array x, whose elements are neither whole numbers nor IEEE floats/,
    );
  });
});
