import * as tf from '@tensorflow/tfjs';
import { afterAll, expect, it } from 'vitest';
import { setThreadsCount } from '../../src/index.js';
import {
  compareNonFinite,
  expectSameNonFinite,
  THREADS,
  withSpecialValues,
  type Program,
} from '../support/non-finite.js';

/* Infinities and NaN, and 0 times an infinity, give what they give on the cpu backend, in results and gradients. */

afterAll(async () => {
  await setThreadsCount(1);
  await tf.setBackend('cpu');
});

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const programs = <F>(table: Record<string, F>, programOf: (f: F) => Program): Record<string, Program> =>
  Object.fromEntries(Object.entries(table).map(([name, f]) => [name, programOf(f)]));

const UNARY: Record<string, Unary> = {
  ...Object.fromEntries(
    (
      [
        ...([
          'abs',
          'ceil',
          'elu',
          'erf',
          'exp',
          'expm1',
          'floor',
          'log',
          'log1p',
          'neg',
          'reciprocal',
        ] as const),
        ...([
          'relu',
          'relu6',
          'round',
          'rsqrt',
          'selu',
          'sigmoid',
          'sign',
          'softplus',
          'sqrt',
          'square',
        ] as const),
        ...(['tanh', 'softmax', 'logSoftmax'] as const),
      ] as const
    ).map((name) => [name, (x: tf.Tensor) => tf[name](x)]),
  ),
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
  'leakyRelu with slope 0': (x) => tf.leakyRelu(x, 0),
  step: (x) => tf.step(x, 0.1),
  clipByValue: (x) => tf.clipByValue(x, -1, 2),
  'clipByValue with one bound': (x) => tf.clipByValue(x, 0, Infinity),
};

const BINARY: Record<string, Binary> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  pow: tf.pow,
  prelu: tf.prelu,
  squaredDifference: tf.squaredDifference,
  'where greater': (a, b) => tf.where(tf.greater(a, b), a, b),
  'where notEqual': (a, b) => tf.where(tf.notEqual(a, a), b, a),
};

it('unary functions', async () => {
  await compareNonFinite(
    programs(UNARY, (f) => ({ shapes: [[5, 7]], f, fraction: 0.15 })),
    expectSameNonFinite,
  );
});

it('rectifiers of tensors that several threads share', async () => {
  const { relu, relu6 } = UNARY;
  await compareNonFinite(
    programs({ relu, relu6 }, (f) => ({ shapes: [[60, 281]], f })),
    expectSameNonFinite,
    THREADS,
  );
});

it.each([
  ['of the same shape', [5, 7], [5, 7]],
  ['with a vector', [5, 7], [7]],
  ['with a scalar', [2, 37], []],
  ['with a column', [3, 18], [3, 1]],
])('binary functions %s', async (_, a, b) => {
  await compareNonFinite(
    programs(BINARY, (f) => ({ shapes: [a, b], f, fraction: 0.3 })),
    expectSameNonFinite,
  );
});

it('powers of 1 and -1 with exponents that are not finite', async () => {
  const bases = tf.tensor1d([1, 1, 1, -1, -1, NaN, 0, Infinity, 0.5, 2]);
  const exponents = tf.tensor1d([
    NaN,
    Infinity,
    -Infinity,
    Infinity,
    -Infinity,
    0,
    NaN,
    0,
    -Infinity,
    -Infinity,
  ]);
  await compareNonFinite(
    { power: { shapes: [], f: () => tf.pow(bases, exponents), hasGradients: false } },
    expectSameNonFinite,
  );
});

it('reductions, of rows and columns with and without a rest', async () => {
  const reductions: Record<string, Unary> = {};
  for (const name of ['sum', 'mean', 'max', 'min'] as const)
    for (const axis of [0, 1, 2, [0, 2], undefined])
      reductions[`${name} over ${axis}`] = (x) => tf[name](x, axis);
  await compareNonFinite(
    programs(reductions, (f) => ({ shapes: [[5, 19, 7]], f, fraction: 0.03 })),
    expectSameNonFinite,
  );
});

it('matrix products, where 0 times an infinity is NaN, and dense layers', async () => {
  const products: Record<string, Program> = {};
  for (const [transposeA, transposeB] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])
    products[`product ${transposeA} ${transposeB}`] = {
      shapes: [transposeA ? [7, 6] : [6, 7], transposeB ? [9, 7] : [7, 9]],
      f: (a, b) => tf.matMul(a, b, transposeA, transposeB),
      fraction: 0.04,
    };
  for (const activation of ['linear', 'relu', 'relu6', 'elu', 'sigmoid'] as const)
    for (const [m, k, n] of [
      [6, 7, 9],
      [4, 8, 8],
      [67, 3, 5],
    ])
      products[`dense ${activation} ${m} ${k} ${n}`] = {
        shapes: [[m, k], [k, n], [n]],
        f: (a, b, bias) =>
          tf.fused.matMul({
            a: a as tf.Tensor2D,
            b: b as tf.Tensor2D,
            bias,
            activation,
            leakyreluAlpha: 0.2,
          }),
        fraction: 0.04,
      };
  await compareNonFinite(products, expectSameNonFinite);
});

it('max pooling: a window with NaN is NaN, as in PyTorch; the cpu backend ignores NaN', async () => {
  await tf.setBackend('simd');
  tf.tidy(() => {
    for (const [size, strides] of [
      [2, 2],
      [3, 1],
      [3, 2],
    ])
      for (const channels of [1, 4, 5]) {
        const x = withSpecialValues([2, 8, 8, channels], 1) as tf.Tensor4D;
        const y = tf.maxPool(x, size, strides, 'valid');
        const [pixels, maxima] = [x.arraySync(), y.arraySync()];
        maxima.forEach((image, n) =>
          image.forEach((row, i) =>
            row.forEach((pixel, j) =>
              pixel.forEach((maximum, c) => {
                const rows = pixels[n].slice(i * strides, i * strides + size);
                const window = rows
                  .flatMap((row) => row.slice(j * strides, j * strides + size))
                  .map((p) => p[c]);
                // Math.max gives NaN if a value is NaN. Adding 0 makes -0 and 0 the same.
                expect(maximum + 0).toBe(Math.max(...window) + 0);
              }),
            ),
          ),
        );
      }
  });
});

it('average pooling', async () => {
  const pools: Record<string, Program> = {};
  for (const [size, strides] of [
    [2, 2],
    [3, 1],
    [3, 2],
  ])
    for (const channels of [4, 5])
      for (const pad of ['same', 'valid'] as const)
        pools[`${size} ${strides} ${channels} ${pad}`] = {
          shapes: [[2, 8, 8, channels]],
          f: (x) => tf.avgPool(x as tf.Tensor4D, size, strides, pad),
        };
  await compareNonFinite(pools, expectSameNonFinite);
});

it('normalizations', async () => {
  const batchNorm = (x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor, beta: tf.Tensor, gamma: tf.Tensor) =>
    tf.batchNorm(
      x,
      mean as tf.Tensor1D,
      tf.abs(variance) as tf.Tensor1D,
      beta as tf.Tensor1D,
      gamma as tf.Tensor1D,
    );
  const shapes = [[4, 5, 5, 6], [6], [6], [6], [6]];
  const layerNorm = tf.layers.layerNormalization({ inputShape: [10] });
  await compareNonFinite(
    {
      'batch norm': { shapes, f: batchNorm, fraction: 0.05 },
      'batch norm and ReLU': {
        shapes,
        f: (...inputs) => tf.relu(batchNorm(...(inputs as Parameters<typeof batchNorm>))),
        fraction: 0.05,
      },
      'layer norm': { shapes: [[6, 10]], f: (x) => layerNorm.apply(x) as tf.Tensor, fraction: 0.03 },
    },
    expectSameNonFinite,
  );
  layerNorm.dispose();
});

it('resizing, where a weight of 0 times an infinity is NaN, and copies', async () => {
  const functions: Record<string, Unary> = {
    'bilinear, enlarged': (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [8, 9]),
    'bilinear, aligned corners': (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [8, 9], true),
    'bilinear, reduced': (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [2, 3]),
    'nearest neighbor': (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [10, 15]),
    transpose: (x) => tf.transpose(x, [0, 3, 1, 2]),
    pad: (x) =>
      tf.pad(
        x,
        [
          [0, 0],
          [1, 0],
          [0, 2],
          [0, 0],
        ],
        NaN,
      ),
    tile: (x) => tf.tile(x, [1, 2, 1, 3]),
    concat: (x) => tf.concat([x, tf.neg(x)], 3),
    slice: (x) => tf.slice(x, [0, 1, 1, 0], [1, 3, 3, 5]),
  };
  await compareNonFinite(
    programs(functions, (f) => ({ shapes: [[1, 5, 5, 5]], f })),
    expectSameNonFinite,
  );
});
