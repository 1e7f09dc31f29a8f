import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gradientOf } from '../../src/gradients/gradient.js';
import { runGraph } from '../../src/model/run-graph.js';
import { internals } from '../../src/model/layer-kinds.js';
import { readGraph } from '../../src/model/model-graph.js';
import { nestedModel, randomImages, sequentialModel, sharedModel, twoInputModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const image = (seed = 1) =>
  tf.tensor4d(
    Float32Array.from(randomImages(2, seed).pixels, (value) => value / 255),
    [2, 8, 8, 3],
  );

const expectClose = (actual: tf.Tensor, expected: tf.Tensor) => {
  expect(actual.shape).toEqual(expected.shape);
  const difference = tf.max(tf.abs(tf.sub(actual, expected)));
  expect(difference.dataSync()[0]).toBeLessThan(1e-5);
};

const run = (model: tf.LayersModel, inputs: tf.Tensor[], ...names: string[]) => {
  const graph = readGraph(model);
  return runGraph(
    graph,
    inputs,
    names.map((name) => graph.names.get(name)!),
  );
};

describe('runGraph', () => {
  it.each([
    ['sequential', () => sequentialModel()],
    ['nested', () => nestedModel()],
    ['nested at the beginning of a Sequential', () => nestedModel({ begins: true })],
    ['with a layer that is used twice', () => sharedModel()],
  ])('computes the values of predict: a model %s', (_, make) => {
    const model = make();
    const graph = readGraph(model);
    const x = image();
    expectClose(runGraph(graph, [x], graph.outputs)[0], model.predict(x) as tf.Tensor);
  });

  it('computes the values of predict: a model with two inputs', () => {
    const model = twoInputModel();
    const graph = readGraph(model);
    const inputs = [image(1), image(2)];
    expectClose(runGraph(graph, inputs, graph.outputs)[0], model.predict(inputs) as tf.Tensor);
  });

  it('computes the same values in a nested model as in a flat one', () => {
    const x = image();
    const flat = run(sequentialModel(), [x], 'conv', 'norm', 'dropout', 'conv2');
    const names = ['features/conv', 'features/norm', 'features', 'conv2'];
    for (const begins of [false, true])
      run(nestedModel({ begins }), [x], ...names).forEach((y, i) => expectClose(y, flat[i]));
  });

  it('runs batch normalization and dropout as in inference', () => {
    const [norm, dropout, relu] = run(sequentialModel(), [image()], 'norm', 'dropout', 'relu');
    expectClose(dropout, relu);
    const { layers } = sequentialModel();
    const [conv] = run(sequentialModel(), [image()], 'conv');
    const [gamma, beta, mean, variance] = layers[1].getWeights();
    expectClose(
      norm,
      tf.batchNorm(
        conv as tf.Tensor4D,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        beta as tf.Tensor1D,
        gamma as tf.Tensor1D,
        1e-3,
      ),
    );
  });

  it('distinguishes the uses of a shared layer', () => {
    const model = sharedModel();
    const x = image();
    const [first, once, merged, twice] = run(model, [x], 'first', 'shared:0', 'merged', 'shared:1');
    expectClose(merged, tf.add(first, once));
    const shared = model.getLayer('shared');
    expectClose(once, shared.apply(first) as tf.Tensor);
    expectClose(twice, shared.apply(merged) as tf.Tensor);
  });

  it('computes the values after a replaced value from the replacement', () => {
    const model = sharedModel();
    const graph = readGraph(model);
    const x = image();
    const once = graph.names.get('shared:0')!;
    const replacement = tf.ones([2, 8, 8, 4]);
    const [merged, same] = runGraph(graph, [x], [graph.names.get('merged')!, once], {
      replace: new Map([[once, replacement]]),
    });
    expectClose(merged, tf.add(run(model, [x], 'first')[0], 1));
    expectClose(same, replacement);
    expect(replacement.isDisposed).toBe(false);
  });

  it('has the same gradient for a nested model as for a flat one', () => {
    const gradient = (model: tf.LayersModel) => {
      const graph = readGraph(model);
      return gradientOf(
        (x) => tf.sum(tf.square(runGraph(graph, [x], graph.outputs, { gradient: true })[0])),
        image(),
      );
    };
    const expected = gradient(sequentialModel());
    expect(tf.max(tf.abs(expected)).dataSync()[0]).toBeGreaterThan(1e-3);
    expectClose(gradient(nestedModel()), expected);
    expectClose(gradient(nestedModel({ begins: true })), expected);
  });

  it('has the gradient that tf.grad computes for the model', () => {
    const model = sharedModel();
    const graph = readGraph(model);
    const f = (x: tf.Tensor) => tf.sum(tf.square(model.predict(x) as tf.Tensor)) as tf.Scalar;
    const ours = gradientOf(
      (x) => tf.sum(tf.square(runGraph(graph, [x], graph.outputs, { gradient: true })[0])),
      image(),
    );
    expectClose(ours, tf.grad(f)(image()));
  });

  it('calls the hook for every rectifier, a layer or an activation function', () => {
    const model = sequentialModel();
    const graph = readGraph(model);
    const shapes: number[][] = [];
    const hook = (x: tf.Tensor, activation: (x: tf.Tensor) => tf.Tensor) => {
      shapes.push(x.shape);
      return activation(x);
    };
    const x = image();
    const [y] = runGraph(graph, [x], graph.outputs, { hook });
    expectClose(y, model.predict(x) as tf.Tensor);
    expect(shapes).toEqual([
      [2, 8, 8, 4],
      [2, 2, 2, 5],
    ]);
  });

  it('does not change the model or leave tensors behind, also after an error in a rectifier', () => {
    const model = sequentialModel();
    const graph = readGraph(model);
    const x = image();
    const state = () => ({
      activations: model.layers.map((layer) => internals(layer).activation),
      nodes: model.layers.map((layer) => layer.inboundNodes.length),
      weights: model.getWeights().map((weight) => [...weight.dataSync()]),
      tensors: tf.memory().numTensors,
    });
    const before = state();
    const hook = (y: tf.Tensor, activation: (y: tf.Tensor) => tf.Tensor) => {
      if (y.shape[3] === 5) throw new Error('no further');
      return activation(y);
    };
    const failing = (y: tf.Tensor) =>
      tf.sum(runGraph(graph, [y], graph.outputs, { hook, gradient: true })[0]) as tf.Scalar;
    expect(() => gradientOf(failing, x)).toThrow('no further');
    expect(state()).toEqual(before);
    tf.dispose(runGraph(graph, [x], [...graph.names.values()]));
    expect(state()).toEqual(before);
  });

  it('disposes the tensors that a failing gradient kernel leaves on the tape', () => {
    const x = image();
    const before = tf.memory().numTensors;
    const failing = (y: tf.Tensor) => {
      const op = tf.customGrad((z) => ({
        value: tf.square(z as tf.Tensor),
        gradFunc: () => {
          throw new Error('no such kernel');
        },
      }));
      return tf.sum(tf.exp(op(tf.exp(y)))) as tf.Scalar;
    };
    expect(() => gradientOf(failing, x)).toThrow('no such kernel');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a model with masks', () => {
    const model = tf.sequential({
      layers: [tf.layers.masking({ maskValue: 0, inputShape: [4, 3] }), tf.layers.dense({ units: 2 })],
    });
    const graph = readGraph(model);
    expect(() => runGraph(graph, [tf.ones([1, 4, 3])], graph.outputs)).toThrow(
      /Expected a model without masks/,
    );
  });
});
