import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gradientOf } from '../../src/model/gradient.js';
import { runPlan } from '../../src/model/graph.js';
import { internals } from '../../src/model/layer-kinds.js';
import { planModel } from '../../src/model/plan.js';
import { runScores } from '../../src/model/scores.js';
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
  const plan = planModel(model);
  return runPlan(
    plan,
    inputs,
    names.map((name) => plan.names.get(name)!),
  );
};

describe('runPlan', () => {
  it.each([
    ['sequential', () => sequentialModel()],
    ['nested', () => nestedModel()],
    ['nested at the beginning of a Sequential', () => nestedModel({ begins: true })],
    ['with a layer that is used twice', () => sharedModel()],
  ])('computes what predict computes: a model %s', (_, make) => {
    const model = make();
    const plan = planModel(model);
    const x = image();
    expectClose(runPlan(plan, [x], plan.outputs)[0], model.predict(x) as tf.Tensor);
  });

  it('computes what predict computes: a model of two inputs', () => {
    const model = twoInputModel();
    const plan = planModel(model);
    const inputs = [image(1), image(2)];
    expectClose(runPlan(plan, inputs, plan.outputs)[0], model.predict(inputs) as tf.Tensor);
  });

  it('gives the same values inside a nested model as in a flat one', () => {
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

  it('tells the uses of a shared layer apart', () => {
    const model = sharedModel();
    const x = image();
    const [first, once, merged, twice] = run(model, [x], 'first', 'shared:0', 'merged', 'shared:1');
    expectClose(merged, tf.add(first, once));
    const shared = model.getLayer('shared');
    expectClose(once, shared.apply(first) as tf.Tensor);
    expectClose(twice, shared.apply(merged) as tf.Tensor);
  });

  it('computes what follows a replaced value from the replacement', () => {
    const model = sharedModel();
    const plan = planModel(model);
    const x = image();
    const once = plan.names.get('shared:0')!;
    const given = tf.ones([2, 8, 8, 4]);
    const [merged, same] = runPlan(plan, [x], [plan.names.get('merged')!, once], {
      replace: new Map([[once, given]]),
    });
    expectClose(merged, tf.add(run(model, [x], 'first')[0], 1));
    expectClose(same, given);
    expect(given.isDisposed).toBe(false);
  });

  it('gives the gradient of a nested model that a flat one has', () => {
    const gradient = (model: tf.LayersModel) => {
      const plan = planModel(model);
      return gradientOf(
        (x) => tf.sum(tf.square(runPlan(plan, [x], plan.outputs, { gradient: true })[0])),
        image(),
      );
    };
    const expected = gradient(sequentialModel());
    expect(tf.max(tf.abs(expected)).dataSync()[0]).toBeGreaterThan(1e-3);
    expectClose(gradient(nestedModel()), expected);
    expectClose(gradient(nestedModel({ begins: true })), expected);
  });

  it('gives the gradient that tf.grad gives of the model itself', () => {
    const model = sharedModel();
    const plan = planModel(model);
    const f = (x: tf.Tensor) => tf.sum(tf.square(model.predict(x) as tf.Tensor)) as tf.Scalar;
    const ours = gradientOf(
      (x) => tf.sum(tf.square(runPlan(plan, [x], plan.outputs, { gradient: true })[0])),
      image(),
    );
    expectClose(ours, tf.grad(f)(image()));
  });

  it('hands every rectifier to the hook, whether a layer or inside one', () => {
    const model = sequentialModel();
    const plan = planModel(model);
    const shapes: number[][] = [];
    const hook = (x: tf.Tensor, activation: (x: tf.Tensor) => tf.Tensor) => {
      shapes.push(x.shape);
      return activation(x);
    };
    const x = image();
    const [y] = runPlan(plan, [x], plan.outputs, { hook });
    expectClose(y, model.predict(x) as tf.Tensor);
    expect(shapes).toEqual([
      [2, 8, 8, 4],
      [2, 2, 2, 5],
    ]);
  });

  it('leaves the model and the memory as they were, also after an error in a rectifier', () => {
    const model = sequentialModel();
    const plan = planModel(model);
    const x = image();
    const shape = () => ({
      activations: model.layers.map((layer) => internals(layer).activation),
      nodes: model.layers.map((layer) => layer.inboundNodes.length),
      weights: model.getWeights().map((weight) => [...weight.dataSync()]),
      tensors: tf.memory().numTensors,
    });
    const untouched = shape();
    const hook = (y: tf.Tensor, activation: (y: tf.Tensor) => tf.Tensor) => {
      if (y.shape[3] === 5) throw new Error('no further');
      return activation(y);
    };
    const failing = (y: tf.Tensor) =>
      tf.sum(runPlan(plan, [y], plan.outputs, { hook, gradient: true })[0]) as tf.Scalar;
    expect(() => gradientOf(failing, x)).toThrow('no further');
    expect(shape()).toEqual(untouched);
    tf.dispose(runPlan(plan, [x], [...plan.names.values()]));
    expect(shape()).toEqual(untouched);
  });

  it('keeps no tensor that a failing kernel of the gradient leaves on the tape', () => {
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
    const plan = planModel(model);
    expect(() => runPlan(plan, [tf.ones([1, 4, 3])], plan.outputs)).toThrow(/Expected a model without masks/);
  });
});

describe('runScores', () => {
  const head = (...layers: tf.layers.Layer[]) =>
    tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 2, 1] }), ...layers] });
  const x = () => tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  const dense = (activation?: 'softmax' | 'linear') =>
    tf.layers.dense({ units: 3, activation, kernelInitializer: 'ones', biasInitializer: 'ones' });

  it.each([
    ['inside the last dense layer', () => head(dense('softmax'))],
    ['a layer of its own', () => head(dense(), tf.layers.softmax())],
    ['an activation layer', () => head(dense(), tf.layers.activation({ activation: 'softmax' }))],
    ['followed by a reshape', () => head(dense('softmax'), tf.layers.reshape({ targetShape: [3] }))],
    ['in a nested model', () => tf.sequential({ layers: [head(dense('softmax'))] })],
    ['absent', () => head(dense())],
  ])('takes logits from before the softmax: %s', (_, make) => {
    const plan = planModel(make());
    expectClose(runScores(plan, x())[0], tf.tensor2d([[11, 11, 11]]));
    expectClose(runScores(plan, x(), { score: 'probability' })[0], tf.fill([1, 3], 1 / 3));
  });
});
