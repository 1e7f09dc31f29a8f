import { readFileSync } from 'node:fs';
import { IDENTITY } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { openHdf5 } from '../../src/hdf5/open-hdf5.js';
import { importKeras } from '../../src/index.js';
import { inputValues, unzip } from '../reference.js';

/** What Keras computed with a file of make-unusual.py. */
interface Expected {
  readonly inputs: readonly number[][];
  readonly outputs: readonly { readonly shape: readonly number[]; readonly values: readonly number[] }[];
}

const files = unzip(readFileSync(new URL('../fixtures/unusual.zip', import.meta.url)));
const references: Record<string, Expected> = JSON.parse(new TextDecoder().decode(files['reference.json']));
const open = (fileName: string) => importKeras(files[fileName], { fileName });

beforeAll(() => tf.setBackend('cpu'));

/**
 * The largest difference to the outputs of Keras. Also compares the shapes with those of Keras and the
 * declared ones.
 */
async function largestDifference(name: string): Promise<number> {
  const { model } = await open(name);
  const { inputs, outputs } = references[name];
  const differences = tf.tidy(() => {
    const tensors = inputs.map((shape, k) => tf.tensor(inputValues(shape, k), shape));
    const results = [model.predict(tensors) as tf.Tensor | tf.Tensor[]].flat();
    return outputs.flatMap(({ shape, values }, k) => {
      expect(results[k].shape, `output ${k}`).toEqual(shape);
      expect(model.outputs[k].shape.slice(1), `output ${k}`).toEqual(shape.slice(1));
      const data = results[k].dataSync();
      const scale = Math.max(1, ...values.map(Math.abs));
      return values.map((value, i) => Math.abs(value - data[i]) / scale);
    });
  });
  model.dispose();
  // A NaN stays the largest.
  return differences.reduce((largest, difference) => (difference <= largest ? largest : difference), 0);
}

describe('a rare feature of Keras files', () => {
  it.each([
    ['layers.keras', 'several axes, arrays as options, broadcasting, adaptive pooling'],
    ['layers.h5', 'the same in .h5'],
    ['volumes.keras', 'pooling of volumes'],
    ['functions.keras', 'functions of keras.ops with options'],
    ['arithmetic.keras', 'sums and products with numbers and tensors'],
    ['arithmetic.h5', 'the same in .h5, which does not mark them as operations'],
    ['twins.keras', 'layers of the same name in two nested models'],
    ['twins.h5', 'the same in .h5, where their weights are in one group'],
    ['keras2-slashes.h5', 'layer names with slashes'],
    ['keras2-list.h5', 'a Sequential that is a list of layers'],
  ])('%s computes what Keras does, within 1e-5: %s', async (name) => {
    expect(await largestDifference(name)).toBeLessThan(1e-5);
  });

  it('is refused by name where TensorFlow.js would compute something else', async () => {
    await expect(open('gaps.keras')).rejects.toThrow(
      /class MaxPooling3D with strides larger than the pool size/,
    );
    await expect(open('ranks.keras')).rejects.toThrow(/class Multiply with operands of different rank/);
    await expect(open('ranks.h5')).rejects.toThrow(/class Multiply with operands of different rank/);
    await expect(open('twice.keras')).rejects.toThrow(/twice\.keras to output each tensor only once/);
    await expect(open('quantized.keras')).rejects.toThrow(/class Dense with weights quantized to int8/);
  });

  it('is reported by a warning: layers with another dtype are computed in float32', async () => {
    const { model, warnings } = await open('half.keras');
    expect(warnings).toContain('layers with dtype mixed_float16 are computed in float32');
    expect(warnings.filter((warning) => warning.includes('float16'))).toHaveLength(1);
    model.dispose();
    expect(await largestDifference('half.keras')).toBeLessThan(2e-3);
  });
});

describe('the preprocessing of an imported model', () => {
  it('is unknown if its first layer scales inputs of 0..1', async () => {
    const preprocessingOf = async (name: string) => {
      const { model, preprocessing } = await open(name);
      model.dispose();
      return preprocessing;
    };
    expect(await preprocessingOf('unit.keras')).toBeUndefined();
    expect(await preprocessingOf('standard.keras')).toBeUndefined();
    expect(await preprocessingOf('pixels.keras')).toEqual(IDENTITY);
  });
});

describe('arrays of other number types', () => {
  it.each(['unsigned.h5', 'big.h5', 'half-floats.h5'])('are read: %s', (name) => {
    const { shape, readValues } = openHdf5(files[name], name).child('x')!;
    expect(shape).toEqual([3, 4]);
    expect([...readValues()]).toEqual(Array.from({ length: 12 }, (_, i) => 200 + i));
  });

  it('are refused if they are not IEEE floats: bfloat16.h5', () => {
    expect(() => openHdf5(files['bfloat16.h5'], 'bfloat16.h5').child('x')!.readValues()).toThrow(
      /the array x, whose elements are neither integers nor IEEE floats/,
    );
  });
});
