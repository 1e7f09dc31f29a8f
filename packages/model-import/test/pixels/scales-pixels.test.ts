import { readFileSync } from 'node:fs';
import { IDENTITY } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras, scalesPixels } from '../../src/index.js';
import { inputValues, unzip } from '../reference.js';

/** A network of make-scaled.py: whether it scales pixels, and what Keras computes for pixels of 0..255. */
interface Expected {
  readonly scales: boolean;
  readonly inputs: readonly number[][];
  readonly output: readonly number[];
}

const files = unzip(readFileSync(new URL('../fixtures/scaled.zip', import.meta.url)));
const references: Record<string, Expected> = JSON.parse(new TextDecoder().decode(files['reference.json']));
const names = (scales: boolean) =>
  Object.keys(references).filter((name) => references[name].scales === scales);

beforeAll(() => tf.setBackend('cpu'));

/** Imports a file, compares its outputs with those of Keras, and returns the preprocessing. */
async function expectAsInKeras(name: string, ending: string) {
  const { model, preprocessing } = await importKeras(files[`${name}.${ending}`], { fileName: name });
  const { inputs, output } = references[name];
  const actual = tf.tidy(() => {
    const tensors = inputs.map((shape, k) => tf.tensor(inputValues(shape, k), shape).mul(255));
    return [...(model.predict(tensors) as tf.Tensor).dataSync()];
  });
  const scale = Math.max(1, ...output.map(Math.abs));
  const differences = output.map((value, i) => Math.abs(value - actual[i]) / scale);
  expect(Math.max(...differences), name).toBeLessThan(1e-5);
  expect(scalesPixels(model)).toBe(preprocessing !== undefined);
  model.dispose();
  return preprocessing;
}

describe.each(['keras', 'h5'])('an imported .%s file', (ending) => {
  it.each(names(true))(
    'is known to scale pixels of 0..255 itself, and computes what Keras does: %s',
    async (name) => {
      expect(await expectAsInKeras(name, ending)).toEqual(IDENTITY);
    },
  );

  it.each(names(false))('has an unknown preprocessing, and computes what Keras does: %s', async (name) => {
    expect(await expectAsInKeras(name, ending)).toBeUndefined();
  });
});

describe('scalesPixels', () => {
  const network = (...layers: tf.layers.Layer[]) =>
    tf.sequential({ layers: [...layers, tf.layers.flatten(), tf.layers.dense({ units: 2 })] });
  const rescaling = (scale: number, offset: number, inputShape?: number[]) =>
    tf.layers.rescaling({ scale, offset, ...(inputShape && { inputShape }) });

  it('reads models of TensorFlow.js, also a Sequential that begins with a model', () => {
    const inner = tf.sequential({ layers: [tf.layers.dropout({ rate: 0.1, inputShape: [4, 4, 3] })] });
    const model = network(inner as never, rescaling(1 / 255, 0));
    expect(scalesPixels(model)).toBe(true);
    model.dispose();
    expect(scalesPixels(network(rescaling(1, 0, [4, 4, 3])))).toBe(false);
  });

  it('looks at all scales and offsets in a row', () => {
    const scales = (...list: [number, number][]) =>
      scalesPixels(
        network(...list.map(([scale, offset], i) => rescaling(scale, offset, i ? undefined : [4, 4, 3]))),
      );
    expect(scales([1, -127.5], [1 / 127.5, 0])).toBe(true);
    expect(scales([0.5, 0], [0.5, 0], [1 / 255, -1])).toBe(true);
    expect(scales([1, -123.7])).toBe(true);
    expect(scales([2, -1])).toBe(false);
    expect(scales([255, 0], [1 / 127.5, -1])).toBe(false);
    expect(scales([1 / 255, 0], [300, -0.5])).toBe(true);
  });

  it('refuses what is no model', () => {
    expect(() => scalesPixels({} as never)).toThrow('Expected model to be');
  });
});
