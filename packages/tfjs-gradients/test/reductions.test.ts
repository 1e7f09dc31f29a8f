import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { correctGradients } from '../src/index.js';
import { BACKENDS, expectGradients, useBackend } from './support/expect-gradients.js';
import { at, build, indicesOf, randomArray, type NdArray } from './support/nd-array.js';

beforeAll(correctGradients);

const multiply = (values: readonly number[]) => values.reduce((a, b) => a * b, 1);

/** Reduces some axes of an array. */
function reduce(x: NdArray, axes: readonly number[], f: (values: number[]) => number): NdArray {
  const isReduced = x.shape.map((_, axis) =>
    axes.some((one) => (one + x.shape.length) % x.shape.length === axis),
  );
  const shape = x.shape.filter((_, axis) => !isReduced[axis]);
  const reducedSizes = x.shape.filter((_, axis) => isReduced[axis]);
  return build(shape, (index) =>
    f(
      [...indicesOf(reducedSizes)].map((rest) => {
        const [kept, reduced] = [[...index], [...rest]];
        return at(
          x,
          isReduced.map((is) => (is ? reduced : kept).shift()!),
        )!;
      }),
    ),
  );
}

/** The sum or the product of the values up to each position of an axis. */
function accumulate(
  x: NdArray,
  { axis, exclusive, reverse }: { axis: number; exclusive: boolean; reverse: boolean },
  f: (values: number[]) => number,
): NdArray {
  const size = x.shape[axis];
  const inOrder = (i: number) => (reverse ? size - 1 - i : i);
  return build(x.shape, (index) => {
    const end = inOrder(index[axis]) + (exclusive ? 0 : 1);
    const values = Array.from({ length: end }, (_, i) => {
      const position = [...index];
      position[axis] = inOrder(i);
      return at(x, position)!;
    });
    return f(values);
  });
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe.each(BACKENDS)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  const directions = [0, 1, 2].flatMap((axis) =>
    [false, true].flatMap((exclusive) => [false, true].map((reverse) => ({ axis, exclusive, reverse }))),
  );

  it.each(directions)('the cumulative sum: %j', (options) =>
    expectGradients({
      inputs: [randomArray([2, 3, 4], 1)],
      operation: (x: tf.Tensor) => tf.cumsum(x, options.axis, options.exclusive, options.reverse),
      reference: (x) => accumulate(x, options, sum),
    }),
  );

  it.each(directions)('the cumulative product, with zeros: %j', (options) => {
    const x = randomArray([2, 3, 4], 2, -1.5, 1.5);
    [3, 7, 11, 17].forEach((i) => (x.values[i] = 0));
    expectGradients({
      inputs: [x],
      operation: (y: tf.Tensor) => tf.cumprod(y, options.axis, options.exclusive, options.reverse),
      reference: (y) => accumulate(y, options, multiply),
    });
  });

  it.each([[[-1]], [[-2]], [[-1, 0]], [[0, 1, 2]], [[1, -1]]])('the product over the axes %j', (axes) =>
    expectGradients({
      inputs: [randomArray([2, 3, 4], 3, 0.5, 1.5)],
      operation: (x: tf.Tensor) => tf.prod(x, axes),
      reference: (x) => reduce(x, axes, multiply),
    }),
  );

  it.each([[[0]], [[-1]], [[0, 2]], [[1, 2]], [[0, 1, 2]]])(
    'the maximum and the minimum over the axes %j',
    (axes) => {
      for (const mode of ['max', 'min'] as const)
        expectGradients({
          inputs: [randomArray([2, 3, 4], 4)],
          operation: (x: tf.Tensor) => tf[mode](x, axes),
          reference: (x) => reduce(x, axes, (values) => Math[mode](...values)),
        });
    },
  );

  // The values of TensorFlow 2.21 and PyTorch: equal values share the gradient.
  it.each([
    [[3, 1, 3, 2], undefined, [0.5, 0, 0.5, 0]],
    [[1, 1, 1, 1], undefined, [0.25, 0.25, 0.25, 0.25]],
    [[0, 0, 5, 5, 5, 1], 1, [0, 0, 1, 0.5, 0.5, 0]],
    [[2, 0, 2, 2, 7, 1], 0, [0.5, 0, 1, 0.5, 1, 0]],
    [[-1, -1, -2, -3, -3, -3], 1, [0.5, 0.5, 0, 1 / 3, 1 / 3, 1 / 3]],
  ])('the maxima of %j over axis %s share the gradient', (values, axis, expected) => {
    const shape = axis === undefined ? [values.length] : [2, 3];
    const maxima = (x: tf.Tensor) => tf.sum(tf.max(x, axis));
    const minima = (x: tf.Tensor) => tf.sum(tf.min(tf.neg(x), axis));
    const x = tf.tensor(values, shape);
    tf.grad(maxima)(x)
      .dataSync()
      .forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
    tf.grad(minima)(x)
      .dataSync()
      .forEach((value, i) => expect(value).toBeCloseTo(-expected[i], 6));
  });

  it.each([1, 2, 3, 5])('the %i largest values of each row', (k) =>
    expectGradients({
      inputs: [randomArray([3, 5], 5)],
      operation: (x: tf.Tensor) => tf.topk(x, k).values,
      reference: (x) =>
        build([3, k], ([row, i]) => [...x.values.slice(5 * row, 5 * row + 5)].sort((a, b) => b - a)[i]),
    }),
  );
});

it('the cumulative product has a second-order gradient', async () => {
  await useBackend('cpu');
  const product = (x: tf.Tensor) => tf.sum(tf.slice(tf.cumprod(x), [2], [1])) as tf.Scalar;
  const second = (x: tf.Tensor) => tf.sum(tf.slice(tf.grad(product)(x), [0], [1]));
  // d/dx of x1 * x2.
  expect([
    ...tf
      .grad(second)(tf.tensor1d([2, 3, 5]))
      .dataSync(),
  ]).toEqual([0, 5, 3]);
});
