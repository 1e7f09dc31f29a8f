import { randomAt, UNIT_RANGE } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel, saveModel } from '../../src/index.js';
import { LAYER_CASES, OPTION_CASES, REFUSED_OPTIONS, type LayerCase } from './layer-cases.js';

beforeAll(() => tf.setBackend('cpu'));

const isOptimizer = (value: unknown) =>
  typeof (value as { applyGradients?: unknown }).applyGradients === 'function';

/** The names of the classes that TensorFlow.js itself registers; a functional model has two. */
function registeredClasses(): { layers: string[]; options: string[] } {
  const classes = Object.entries(tf.serialization.SerializationMap.getMap().classNameMap)
    .map(([name, [registered]]) => ({ name, prototype: (registered as { prototype: unknown }).prototype }))
    .filter(({ name, prototype }) => name !== 'Functional' && !isOptimizer(prototype));
  const isLayer = ({ prototype }: { prototype: unknown }) => prototype instanceof tf.layers.Layer;
  const namesOf = (of: typeof classes) => of.map(({ name }) => name).sort();
  return {
    layers: namesOf(classes.filter(isLayer)),
    options: namesOf(classes.filter((one) => !isLayer(one))),
  };
}

/** Weights as after training: none has its initial value, or meets a constraint; a variance is positive. */
function randomize(model: tf.LayersModel): void {
  const random = randomAt(5, 'weights');
  for (const weight of model.weights) {
    const least = weight.originalName.includes('variance') ? 0.5 : -1;
    const values = tf.util.sizeFromShape(weight.shape as number[]);
    const tensor = tf.tensor(
      Float32Array.from({ length: values }, () => least + 2 * random()),
      weight.shape as number[],
    );
    (weight.read() as tf.Variable).assign(tensor);
  }
}

function inputsOf(model: tf.LayersModel): tf.Tensor[] {
  const random = randomAt(7, 'inputs');
  return model.inputs.map(({ shape: [count, ...sizes], dtype }) => {
    const shape = [count ?? 2, ...(sizes as number[])];
    const value = dtype === 'int32' ? () => Math.floor(8 * random()) : () => 2 * random() - 1;
    return tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, value), shape, dtype);
  });
}

/** Shape and values of each output. */
function predict(model: tf.LayersModel, isCalledAlone = false): number[][] {
  const inputs = inputsOf(model);
  const outputs = isCalledAlone
    ? model.layers.at(-1)!.apply(inputs[0])
    : model.predict(inputs, { batchSize: 2 });
  return [outputs]
    .flat()
    .map((output) => [...(output as tf.Tensor).shape, ...(output as tf.Tensor).dataSync()]);
}

/** What is not an option: state of a call, names that are made up again. */
const NOT_OPTIONS =
  /\.(id|_refCount|fastWeightInitDuringBuild|inboundNodes|outboundNodes|containerNodes|cell\.name)$/;

/** Every number, text and flag that an object of TensorFlow.js holds, by its path. */
function optionsOf(value: unknown, path = '', found: Record<string, unknown> = {}, visited = new Set()) {
  if (value instanceof tf.LayerVariable) found[path] = [value.shape, value.trainable];
  else if (typeof value !== 'object' || value === null) {
    if (typeof value !== 'function' && value !== undefined && value !== null) found[path] = value;
  } else if (!visited.has(value) && !(value instanceof tf.Tensor) && !(value instanceof tf.SymbolicTensor)) {
    visited.add(value);
    for (const [key, inner] of Object.entries(value)) {
      const name = `${path}.${key}`;
      if (!NOT_OPTIONS.test(name)) optionsOf(inner, name, found, visited);
    }
  }
  return found;
}

const save = async (model: tf.LayersModel) => {
  const store = memoryStore();
  await saveModel(model, store, { preprocessing: UNIT_RANGE, classNames: [] });
  return store;
};

async function expectSame({ build, isCalledAlone }: LayerCase): Promise<void> {
  const model = build();
  randomize(model);
  const { model: loaded } = await loadModel(await save(model));
  expect(loaded.layers.map((layer) => optionsOf(layer))).toMatchObject(
    model.layers.map((layer) => optionsOf(layer)),
  );
  expect(predict(loaded, isCalledAlone)).toEqual(predict(model, isCalledAlone));
}

describe('saveModel and loadModel', () => {
  it('have a case for each class that TensorFlow.js registers', () => {
    const { layers, options } = registeredClasses();
    expect(Object.keys(LAYER_CASES).sort()).toEqual(layers);
    expect(Object.keys({ ...OPTION_CASES, ...REFUSED_OPTIONS }).sort()).toEqual(options);
  });

  describe.each(Object.entries(LAYER_CASES))('keep options, and predictions bit for bit: %s', (_, cases) => {
    it.each(cases)('$title', expectSame);
  });

  describe('keep an option that is a class', () => {
    it.each(Object.entries(OPTION_CASES))('%s', (_, one) => expectSame(one));
  });

  it.each(Object.entries(REFUSED_OPTIONS))(
    'refuse at once what TensorFlow.js cannot load: %s',
    (_, { build }) =>
      expect(save(build())).rejects.toThrow(
        'Expected a model that TensorFlow.js can load again, got one whose loading fails: Unknown activation: geluNew',
      ),
  );
});
