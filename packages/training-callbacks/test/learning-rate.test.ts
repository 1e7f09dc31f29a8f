import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { getLearningRate, setLearningRate } from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

const optimizers: Record<string, (rate: number) => tf.Optimizer> = {
  sgd: (rate) => tf.train.sgd(rate),
  momentum: (rate) => tf.train.momentum(rate, 0.9),
  nesterov: (rate) => tf.train.momentum(rate, 0.9, true),
  adam: (rate) => tf.train.adam(rate),
  adamax: (rate) => tf.train.adamax(rate),
  rmsprop: (rate) => tf.train.rmsprop(rate),
  'rmsprop centered': (rate) => tf.train.rmsprop(rate, 0.9, 0.5, undefined, true),
  adagrad: (rate) => tf.train.adagrad(rate),
  adadelta: (rate) => tf.train.adadelta(rate),
};

/**
 * The point after four steps from (0, 0) that minimize the squared distance to (3, -1); `before` is called
 * before each.
 */
function descend(optimizer: tf.Optimizer, before: (step: number) => void = () => undefined): number[] {
  return tf.tidy(() => {
    const point = tf.variable(tf.tensor1d([0, 0]));
    for (let step = 0; step < 4; step++) {
      before(step);
      optimizer.minimize(() => tf.sum(tf.square(tf.sub(point, [3, -1]))) as tf.Scalar, false, [point]);
    }
    const values = [...point.dataSync()];
    point.dispose();
    optimizer.dispose();
    return values;
  });
}

describe.each(Object.entries(optimizers))('the learning rate of %s', (_, create) => {
  it('can be read and set', () => {
    const optimizer = create(0.125);
    expect(getLearningRate(optimizer)).toBe(0.125);
    setLearningRate(optimizer, 0.0625);
    expect(getLearningRate(optimizer)).toBe(0.0625);
    optimizer.dispose();
  });

  it('has the effect of the constructor argument if it is set before the first step', () => {
    const late = create(0.5);
    setLearningRate(late, 0.125);
    expect(descend(late)).toEqual(descend(create(0.125)));
    expect(descend(create(0.5))).not.toEqual(descend(create(0.125)));
  });

  it('makes steps of size 0 after it is set to 0', () => {
    const optimizer = create(0.25);
    const start = tf.memory().numTensors;
    const stopped = descend(optimizer, (step) => step === 0 && setLearningRate(optimizer, 0));
    expect(stopped).toEqual([0, -0].map(() => expect.closeTo(0, 12)));
    expect(tf.memory().numTensors).toBeLessThanOrEqual(start);
  });

  it('can be set between steps without keeping a tensor', () => {
    const optimizer = create(0.25);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) setLearningRate(optimizer, 0.25 / (i + 1));
    expect(tf.memory().numTensors).toBe(before);
    optimizer.dispose();
  });
});

describe('setLearningRate', () => {
  it('refuses a negative rate and a value without a learning rate', () => {
    const optimizer = tf.train.adam(0.1);
    expect(() => setLearningRate(optimizer, -1)).toThrow(
      new InputError('Expected rate to be a number >= 0, got -1'),
    );
    expect(() => setLearningRate({} as tf.Optimizer, 1)).toThrow(
      new InputError('Expected an optimizer with a learning rate, got Object'),
    );
    expect(() => getLearningRate(undefined as unknown as tf.Optimizer)).toThrow('got undefined');
  });
});
