import { readFileSync } from 'node:fs';
import { evaluateModel, predictions, scoresOf } from '@convlens/activations';
import { IDENTITY, type Images } from '@convlens/core';
import { loadModel, saveModel, summarizeModel } from '@convlens/models';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { inputValues, unzip } from '../reference.js';

/** A model of make-ordered.py, in the order of Keras. */
interface Expected {
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly outputs: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: readonly number[];
  }[];
}

const files = unzip(readFileSync(new URL('../fixtures/ordered.zip', import.meta.url)));
const references: Record<string, Expected> = JSON.parse(new TextDecoder().decode(files['reference.json']));
const names = Object.keys(references);
const COUNT = 2;

beforeAll(() => tf.setBackend('cpu'));

const open = async (name: string, ending: string) =>
  (await importKeras(files[`${name}.${ending}`], { fileName: name })).model;

const valuesOf = (shape: readonly number[], k: number) => inputValues([COUNT, ...shape], k);

const expectClose = (actual: ArrayLike<number>, expected: readonly number[]) => {
  expect(actual).toHaveLength(expected.length);
  const differences = expected.map((value, i) => Math.abs(value - actual[i]));
  expect(Math.max(...differences)).toBeLessThan(1e-5);
};

/** Names with ":0", ":1", ... where they are repeated. */
const unique = (list: readonly string[]) =>
  list.map((name, i) => {
    const positions = list.flatMap((other, k) => (other === name ? [k] : []));
    return positions.length > 1 ? `${name}:${positions.indexOf(i)}` : name;
  });

/** Compares names, shapes and outputs with those of Keras. */
function expectAsInKeras(model: tf.LayersModel, { inputs, outputs }: Expected): void {
  const summary = summarizeModel(model);
  expect(summary.inputs).toEqual(inputs);
  expect(summary.outputs!.map(({ name }) => name)).toEqual(unique(outputs.map(({ name }) => name)));
  tf.tidy(() => {
    const tensors = inputs.map(({ shape }, k) => tf.tensor(valuesOf(shape, k), [COUNT, ...shape]));
    const results = [model.predict(tensors) as tf.Tensor | tf.Tensor[]].flat();
    outputs.forEach(({ shape, values }, k) => {
      expect(results[k].shape).toEqual(shape);
      expectClose(results[k].dataSync(), values);
    });
  });
}

/** The images of the input `image`, and the values of the others, by the keys that `keyOf` gives. */
function inputsOf({ inputs }: Expected, image: number, keyOf: (k: number) => string) {
  const [height, width, channels] = inputs[image].shape;
  const images: Images = {
    name: 'hashed',
    pixels: Float32Array.from(valuesOf(inputs[image].shape, image)),
    count: COUNT,
    ...{ height, width, channels },
    classNames: [],
  };
  const others = inputs.flatMap(({ shape }, k) =>
    k === image ? [] : [[keyOf(k), { values: valuesOf(shape, k), shape: [COUNT, ...shape] }] as const],
  );
  return { images, inputs: Object.fromEntries(others) };
}

describe.each(['keras', 'h5'])('a model with several inputs and outputs in a .%s file', (ending) => {
  it.each(names)('has them in the order of Keras, also when it is saved and loaded: %s', async (name) => {
    const model = await open(name, ending);
    expectAsInKeras(model, references[name]);
    const store = memoryStore();
    await saveModel(model, store, { preprocessing: IDENTITY, classNames: [] });
    const { model: loaded } = await loadModel(store);
    expectAsInKeras(loaded, references[name]);
    model.dispose();
    loaded.dispose();
  });

  it.each(names)('is read by names and by indices, in each output: %s', async (name) => {
    const model = await open(name, ending);
    const expected = references[name];
    const outputNames = unique(expected.outputs.map((output) => output.name));
    const image = expected.inputs.findIndex(({ shape }) => shape.length === 3);
    for (const keyOf of [(k: number) => expected.inputs[k].name, String]) {
      const { images, inputs } = inputsOf(expected, image, keyOf);
      for (const [k, { values, shape }] of expected.outputs.entries())
        for (const output of [k, outputNames[k]]) {
          const options = { preprocessing: IDENTITY, inputs, output };
          const result = await predictions(model, images, options);
          const { output: found, kind } = scoresOf(model, { output });
          expect(found).toBe(outputNames[k]);
          const read = result.flatMap((prediction) => [...(prediction.values ?? prediction.probabilities)]);
          if (kind !== 'logits') expectClose(read, values);
          const classNames = Array.from({ length: shape[1] }, (_, c) => `class ${c}`);
          if (kind !== 'probabilities' || shape[1] === 1) continue;
          const labels = Int32Array.from(result, ({ predicted }) => predicted);
          const labeled = { ...images, labels, classNames };
          expect((await evaluateModel(model, labeled, options)).accuracy).toBe(1);
        }
    }
    model.dispose();
  });
});

describe('a model with several inputs', () => {
  it('refuses an input twice, and one that it does not have', async () => {
    const model = await open('list', 'keras');
    const { images, inputs } = inputsOf(references.list, 0, (k) => references.list.inputs[k].name);
    const options = (change: object) => ({
      preprocessing: IDENTITY,
      output: 0,
      inputs: { ...inputs, ...change },
    });
    const { facts } = inputs;
    await expect(predictions(model, images, options({ 1: facts }))).rejects.toThrow(
      'Expected inputs to have each input once, got facts twice',
    );
    for (const key of ['3', '-1', 'fact'])
      await expect(predictions(model, images, options({ [key]: facts }))).rejects.toThrow(
        'Expected the name in inputs to be one of photo, facts, sketch',
      );
    model.dispose();
  });
});
