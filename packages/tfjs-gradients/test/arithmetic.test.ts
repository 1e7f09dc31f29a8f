import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { correctGradients } from '../src/index.js';
import { BACKENDS, expectGradients, useBackend } from './support/expect-gradients.js';
import {
  at,
  broadcastAt,
  broadcastShape,
  build,
  indicesOf,
  randomArray,
  type NdArray,
} from './support/nd-array.js';

beforeAll(correctGradients);

const elementwise = (f: (a: number, b: number) => number) => (a: NdArray, b: NdArray) =>
  build(broadcastShape(a, b), (index) => f(broadcastAt(a, index), broadcastAt(b, index)));

const OPERATIONS = {
  maximum: Math.max,
  minimum: Math.min,
  squaredDifference: (a: number, b: number) => (a - b) ** 2,
  pow: (a: number, b: number) => a ** b,
  floorDiv: (a: number, b: number) => Math.floor(a / b),
} as const;

const SHAPES = [
  [[3, 4], [4]],
  [
    [3, 4],
    [3, 1],
  ],
  [
    [3, 1],
    [1, 4],
  ],
  [[], [2, 3]],
  [
    [2, 3, 4],
    [3, 4],
  ],
  [
    [1, 2, 1, 2, 2],
    [2, 1, 2],
  ],
] as const;

/** The matrix product of the last two axes, with a batch of one broadcast. */
const matMul = (a: NdArray, b: NdArray, transposeA: boolean, transposeB: boolean): NdArray => {
  const [rows, inner] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : a.shape.slice(-2);
  const columns = transposeB ? b.shape.at(-2)! : b.shape.at(-1)!;
  const batch = broadcastShape(a, b).slice(0, -2);
  return build([...batch, rows, columns], (index) => {
    const [i, j] = index.slice(-2);
    const batchOf = ({ shape }: NdArray) =>
      shape.slice(0, -2).map((size, axis) => (size === 1 ? 0 : index[axis]));
    let sum = 0;
    for (let k = 0; k < inner; k++)
      sum +=
        at(a, [...batchOf(a), ...(transposeA ? [k, i] : [i, k])])! *
        at(b, [...batchOf(b), ...(transposeB ? [j, k] : [k, j])])!;
    return sum;
  });
};

/** The sum of products that an equation describes, over all values of its labels. */
function einsum(equation: string, inputs: readonly NdArray[]): NdArray {
  const [operands, result] = equation.split('->');
  const labelsOf = operands.split(',');
  const labels = [...new Set(labelsOf.join(''))];
  const sizeOf = (label: string) => {
    const operand = labelsOf.findIndex((one) => one.includes(label));
    return inputs[operand].shape[labelsOf[operand].indexOf(label)];
  };
  const summed = labels.filter((label) => !result.includes(label));
  return build([...result].map(sizeOf), (index) => {
    let sum = 0;
    for (const rest of indicesOf(summed.map(sizeOf))) {
      const indexOf = (label: string) =>
        result.includes(label) ? index[result.indexOf(label)] : rest[summed.indexOf(label)];
      sum += labelsOf.reduce((product, one, k) => product * at(inputs[k], [...one].map(indexOf))!, 1);
    }
    return sum;
  });
}

describe.each(BACKENDS)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(Object.entries(OPERATIONS))('%s', (name, f) => {
    it.each(SHAPES)('of %j and %j', (a, b) =>
      expectGradients({
        inputs: [randomArray(a, 1, 0.5, 3), randomArray(b, 2, 0.7, 2)],
        operation: (x: tf.Tensor, y: tf.Tensor) => tf[name as 'pow'](x, y),
        reference: elementwise(f),
      }),
    );
  });

  describe.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('a product of matrices, transposed: %s and %s', (transposeA, transposeB) => {
    const a = transposeA ? [3, 2] : [2, 3];
    const b = transposeB ? [4, 3] : [3, 4];
    it.each([
      [[5, ...a], b],
      [
        [5, ...a],
        [1, ...b],
      ],
      [
        [1, ...a],
        [5, ...b],
      ],
      [a, [2, 2, ...b]],
      [a, b],
    ])('%j by %j', (shapeA, shapeB) =>
      expectGradients({
        inputs: [randomArray(shapeA, 3), randomArray(shapeB, 4)],
        operation: (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, transposeA, transposeB),
        reference: (x, y) => matMul(x, y, transposeA, transposeB),
      }),
    );
  });

  it.each([
    ['x > 0.1', (x: tf.Tensor) => tf.greater(x, 0.1), (x: number) => x > 0.1],
    ['x <= 0.1', (x: tf.Tensor) => tf.lessEqual(x, 0.1), (x: number) => x <= 0.1],
    ['x < 0.1', (x: tf.Tensor) => tf.less(x, 0.1), (x: number) => x < 0.1],
    ['x == 7', (x: tf.Tensor) => tf.equal(x, 7), () => false],
    ['x != 7', (x: tf.Tensor) => tf.notEqual(x, 7), () => true],
    [
      '-0.5 < x and x < 0.5',
      (x: tf.Tensor) => tf.logicalAnd(tf.greater(x, -0.5), tf.less(x, 0.5)),
      (x: number) => x > -0.5 && x < 0.5,
    ],
    [
      'not x > 0.1 or x > 0.6',
      (x: tf.Tensor) => tf.logicalOr(tf.logicalNot(tf.greater(x, 0.1)), tf.greater(x, 0.6)),
      (x: number) => !(x > 0.1) || x > 0.6,
    ],
    ['any x > 0', (x: tf.Tensor) => tf.any(tf.greater(x, 0)), () => true],
    ['all x > 0', (x: tf.Tensor) => tf.all(tf.greater(x, 0)), () => false],
  ] as const)('x where %s', (_, mask, isKept) =>
    expectGradients({
      inputs: [randomArray([3, 7], 5)],
      operation: (x: tf.Tensor) => tf.mul(x, tf.cast(mask(x), 'float32')),
      reference: (x) => build(x.shape, (index) => (isKept(at(x, index)!) ? at(x, index)! : 0)),
    }),
  );

  it('a number that is rounded to an integer has the gradient 0', () => {
    const rounded = (x: tf.Tensor) => tf.sum(tf.mul(x, tf.cast(tf.cast(x, 'int32'), 'float32')));
    expect([
      ...tf
        .grad(rounded)(tf.tensor1d([1.5, -2.5, 3.25]))
        .dataSync(),
    ]).toEqual([1, -2, 3]);
  });

  it.each([
    [0, [0, 0, 0]],
    [1, [1, 1, 1]],
    [2, [0, 2, -4]],
    [3, [0, 3, 12]],
  ])('x to the power of %i has a gradient at 0', (exponent, expected) => {
    const power = (x: tf.Tensor) => tf.sum(tf.pow(x, exponent));
    const gradient = tf
      .grad(power)(tf.tensor1d([0, 1, -2]))
      .dataSync();
    expected.forEach((value, i) => expect(gradient[i]).toBeCloseTo(value, 5));
  });

  it.each([[[1, 1, 1, 4]], [[4]], [[2, 3, 2, 4]]] as const)(
    'batch normalization with statistics of shape %j',
    (shape) => {
      const inputs = [
        randomArray([2, 3, 2, 4], 6),
        randomArray(shape, 7),
        randomArray(shape, 8, 0.5, 2),
        randomArray(shape, 9),
        randomArray(shape, 10),
      ];
      expectGradients({
        inputs,
        operation: (x: tf.Tensor4D, mean: tf.Tensor4D, variance: tf.Tensor4D, offset, scale) =>
          tf.batchNorm(x, mean, variance, offset, scale, 1e-3),
        reference: (x, mean, variance, offset, scale) =>
          build(x.shape, (index) => {
            const [m, v, o, s] = [mean, variance, offset, scale].map((one) => broadcastAt(one, index));
            return ((at(x, index)! - m) / Math.sqrt(v + 1e-3)) * s + o;
          }),
      });
    },
  );
});

describe('sums of products', () => {
  beforeAll(() => useBackend('cpu'));

  const cases: [equation: string, shapes: number[][]][] = [
    [
      'ij,jk->ik',
      [
        [2, 3],
        [3, 4],
      ],
    ],
    [
      'abc,cd->abd',
      [
        [2, 3, 4],
        [4, 2],
      ],
    ],
    ['ij->ji', [[2, 3]]],
    ['ij->j', [[2, 3]]],
    [
      'ij,ij->i',
      [
        [2, 3],
        [2, 3],
      ],
    ],
    [
      'ij,jk->i',
      [
        [2, 3],
        [3, 4],
      ],
    ],
    [
      'aecd,abcd->acbe',
      [
        [2, 3, 2, 4],
        [2, 2, 2, 4],
      ],
    ],
  ];

  it.each(cases)('%s of %j', (equation, shapes) =>
    expectGradients({
      inputs: shapes.map((shape, i) => randomArray(shape, 11 + i)),
      operation: (...inputs: tf.Tensor[]) => tf.einsum(equation, ...inputs),
      reference: (...inputs) => einsum(equation, inputs),
    }),
  );
});
