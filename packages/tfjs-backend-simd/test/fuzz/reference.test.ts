import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TensorChooser } from '../../fuzz/operations/chooser.js';
import type { Known, OperationSpec } from '../../fuzz/operations/operation-spec.js';
import { OPERATIONS } from '../../fuzz/operations/specs/registry.js';
import { LAYERS } from '../../fuzz/graphs/layers/registry.js';
import { filled } from '../../fuzz/program.js';
import { Random } from '../../fuzz/random.js';
import { EXACT_BRANCHES } from '../../fuzz/reference/branches.js';
import {
  convolution,
  depthwiseConvolution,
  transposedConvolution,
} from '../../fuzz/reference/convolution.js';
import * as elementwise from '../../fuzz/reference/elementwise.js';
import * as functions from '../../fuzz/reference/unary-functions.js';
import { categoricalCrossentropy, meanSquaredError } from '../../fuzz/reference/losses.js';
import { standardize } from '../../fuzz/reference/normalization.js';
import { Optimizer, OPTIMIZERS, type OptimizerName } from '../../fuzz/reference/optimizers.js';
import { averagePool, maxPool } from '../../fuzz/reference/pooling.js';
import { softmax } from '../../fuzz/reference/reductions.js';
import { resize } from '../../fuzz/reference/resizing.js';
import { Tape, type Node } from '../../fuzz/reference/tape.js';
import { largestAbsolute, sizeOf, valuesOf, type Result, type Values } from '../../fuzz/reference/values.js';

interface Golden {
  readonly inputs: readonly (readonly number[])[];
  readonly y: { readonly shape: readonly number[]; readonly values: readonly number[] };
  readonly gradients: readonly { readonly values: readonly number[] }[];
}

const golden = JSON.parse(readFileSync(new URL('../fixtures/reference.json', import.meta.url), 'utf8')) as {
  cases: Record<string, Golden>;
  optimizers: Record<string, number[]>;
};

/** The same numbers as in reference.py. */
const wave = (shape: readonly number[], phase: number): Values =>
  valuesOf(
    shape,
    Float64Array.from(
      { length: sizeOf(shape) },
      (_, i) => Math.sin(0.7 * i + phase) + 0.3 * Math.cos(2.9 * i * i + phase),
    ),
  );

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  return (
    largestAbsolute(Array.from(actual, (value, i) => value - expected[i])) /
    Math.max(1e-12, largestAbsolute(expected))
  );
}

const unary = (f: functions.UnaryFunction) => (x: Values) => elementwise.unary(x, f);

/** Scale and offset along the last axis. */
function norm(axes: readonly number[]) {
  return (x: Values, gamma: Values, beta: Values): Result => {
    const tape = new Tape();
    const sources = [x, gamma, beta].map((value) => tape.leaf(value));
    const standardized = tape.apply([sources[0]], (values) => standardize(values, axes, 1e-3));
    const scaled = tape.apply([standardized, sources[1]], (a, b) =>
      elementwise.binary(a, b, elementwise.multiply),
    );
    const y = tape.apply([scaled, sources[2]], (a, b) => elementwise.binary(a, b, elementwise.add));
    return {
      value: y.value,
      precision: 'rounded',
      gradient: (dy) =>
        tape.gradients([[y, dy]], sources).map((value) => ({ value, precision: 'rounded' as const })),
    };
  };
}

const same = { strides: [1, 1], pad: 'same' as const };
const CASES: Readonly<Record<string, (...inputs: Values[]) => Result>> = {
  'conv2d same': (x, w) => convolution(x, w, same),
  'conv2d strided': (x, w) => convolution(x, w, { ...same, strides: [2, 3] }),
  'conv2d dilated': (x, w) => convolution(x, w, { ...same, dilations: [2, 3] }),
  'conv2d explicit': (x, w) =>
    convolution(x, w, {
      ...same,
      pad: [
        [1, 0],
        [2, 1],
      ],
    }),
  'depthwise strided': (x, w) => depthwiseConvolution(x, w, { ...same, strides: [2, 2] }),
  transposed: (x, w) => transposedConvolution(x, w, { ...same, strides: [2, 2], outShape: [1, 7, 6, 2] }),
  conv3d: (x, w) => convolution(x, w, { strides: [1, 2, 1], pad: 'same' }),
  maxPool: (x) => maxPool(x, { filterSizes: [3, 2], strides: [2, 1], pad: 'same' }),
  avgPool: (x) => averagePool(x, { filterSizes: [3, 2], strides: [2, 3], pad: 'same' }),
  avgPool3d: (x) => averagePool(x, { filterSizes: [2, 3, 2], strides: [2, 2, 1], pad: 'same' }),
  elu: unary(functions.elu()),
  selu: unary(functions.selu),
  relu6: unary(functions.relu6),
  softplus: unary(functions.softplus),
  softsign: unary(functions.softsign),
  sigmoid: unary(functions.sigmoid),
  tanh: unary(functions.tanh),
  softmax: (x) => softmax(x),
  log_softmax: (x) => softmax(x, { logarithm: true }),
  swish: unary(functions.swish(1)),
  mish: unary(functions.mish),
  gelu: unary(functions.gelu),
  gelu_new: unary(functions.geluNew),
  layerNormalization: norm([2]),
  batchNormalization: norm([0, 1, 2]),
};

/** The function of a golden case; those of resizing are named by size and flags. */
function referenceOf(name: string): (...inputs: Values[]) => Result {
  const [, method, height, width, flag] = name.match(/^(bilinear|nearest) (\d+) (\d+) (\w+)$/) ?? [];
  if (!method) return CASES[name];
  const options = { alignCorners: flag === 'align', halfPixelCenters: flag === 'half' };
  return (x) => resize(x, [Number(height), Number(width)], method as 'bilinear' | 'nearest', options);
}

describe('the reference agrees with TensorFlow and Keras', () => {
  it.each(Object.keys(golden.cases))('%s, with its gradients', (name) => {
    const { inputs, y, gradients } = golden.cases[name];
    const result = referenceOf(name)(...inputs.map((shape, i) => wave(shape, i + 1)));
    expect(result.value.shape).toEqual(y.shape);
    expect(largestDifference(result.value.data, y.values)).toBeLessThan(1e-6);
    const computed = result.gradient!(wave(y.shape, 9));
    gradients.forEach(({ values }, i) =>
      expect(largestDifference(computed[i]!.value.data, values)).toBeLessThan(1e-6),
    );
  });

  it.each(Object.keys(golden.optimizers))('three steps of %s', (name) => {
    const optimizer = new Optimizer(name as OptimizerName, 0.1);
    let variable = wave([4], 1);
    for (let step = 0; step < 3; step++) variable = optimizer.step(0, variable, wave([4], 2 + step));
    // Keras keeps beta^t in float32; its Adam adds epsilon before the correction of the bias.
    expect(largestDifference(variable.data, golden.optimizers[name])).toBeLessThan(1e-4);
  });

  it('covers every optimizer but adadelta, which TensorFlow.js defines in its own way', () => {
    expect([...Object.keys(golden.optimizers), 'adadelta'].sort()).toEqual([...OPTIMIZERS].sort());
  });

  it('adadelta: the first step is the gradient times the rate', () => {
    const optimizer = new Optimizer('adadelta', 0.5);
    const first = optimizer.step(0, valuesOf([1], [1]), valuesOf([1], [0.4]));
    expect(first.data[0]).toBeCloseTo(1 - 0.5 * 0.4, 12);
    const accumulated = 0.05 * 0.4 ** 2 + 1e-7;
    const second = optimizer.step(0, first, valuesOf([1], [0.2]));
    expect(second.data[0]).toBeCloseTo(0.8 - 0.5 * Math.sqrt(accumulated / accumulated) * 0.2, 12);
  });
});

/** Moves every float by a little, so that no two are equal and none is at a kink. */
const separated = ({ value }: Known, random: Random): Values =>
  value.dtype === 'float32'
    ? { ...value, data: value.data.map((v) => v + 0.02 * (0.5 + random.next())) }
    : value;

const randomLike = ({ shape }: Values, random: Random): Values =>
  filled(shape, { kind: 'normal', seed: random.seed() });
const dot = (a: Values, b: Values) => a.data.reduce((sum, v, i) => sum + v * b.data[i], 0);
const STEP = 1e-5;

/**
 * The derivative of sum(f(inputs) * dy) along a random direction of each input, by central differences, minus that
 * of the gradients; relative.
 */
function gradientError(
  f: (inputs: readonly Values[]) => {
    value: Values;
    gradient: (dy: Values) => readonly (Values | undefined)[];
  },
  inputs: readonly Values[],
  random: Random,
): number {
  const { value, gradient } = f(inputs);
  const dy = randomLike(value, random);
  const gradients = gradient(dy);
  return Math.max(
    0,
    ...inputs.map((x, i) => {
      if (x.dtype !== 'float32' || x.data.length === 0 || !gradients[i]) return 0;
      const direction = randomLike(x, random);
      const at = (t: number) =>
        dot(
          f(
            inputs.map((other, k) =>
              k === i ? { ...x, data: x.data.map((v, j) => v + t * direction.data[j]) } : other,
            ),
          ).value,
          dy,
        );
      const numeric = (at(STEP) - at(-STEP)) / (2 * STEP);
      const analytic = dot(gradients[i], direction);
      return Math.abs(numeric - analytic) / (1 + Math.abs(numeric) + largestAbsolute(gradients[i].data));
    }),
  );
}

/** Inputs of an operation for a test. */
function chosenFor(spec: OperationSpec, random: Random) {
  for (let id = 1; ;) {
    const style = { isSpecial: false, hasZeroSizes: false, isLarge: false };
    const chosen = spec.choose(new TensorChooser({ random, style, live: () => [], nextId: () => id++ }));
    if (!chosen) continue;
    const inputs = chosen.inputs.map((known) => separated(known, random));
    try {
      spec.reference(inputs, chosen.attributes, EXACT_BRANCHES);
      return { inputs, attributes: chosen.attributes };
    } catch (error) {
      // Not every choice fits: a window may be too large.
      if (!(error instanceof RangeError)) throw error;
    }
  }
}

describe('gradients of the reference agree with numeric differences', () => {
  it.each([...OPERATIONS.keys()])('tf.%s', (name) => {
    const spec = OPERATIONS.get(name)!;
    const random = new Random(name.length);
    for (let i = 0; i < 3; i++) {
      const { inputs, attributes } = chosenFor(spec, random);
      const results = [spec.reference(inputs, attributes, EXACT_BRANCHES)].flat() as Result[];
      if (results.length !== 1 || !results[0].gradient || spec.gradientOf?.length === 0) return;
      const f = (values: readonly Values[]) => {
        const result = spec.reference(values, attributes, EXACT_BRANCHES) as Result;
        return {
          value: result.value,
          gradient: (dy: Values) => result.gradient!(dy).map((gradient) => gradient?.value),
        };
      };
      expect(gradientError(f, inputs, random)).toBeLessThan(1e-6);
    }
  });

  const SHAPES = [[6], [5, 3], [5, 4, 3], [3, 4, 3, 2]];
  it.each([...LAYERS.keys()])('layer %s, in inference and in training', (name) => {
    const spec = LAYERS.get(name)!;
    const random = new Random(name.length);
    for (const shape of SHAPES) {
      const shapes = spec.inputs ? [shape, shape, shape] : [shape];
      const options = spec.choose(random, shapes);
      if (!options) continue;
      const weights = (spec.weights?.(options, shape) ?? []).map(({ shape: size, fill }) =>
        filled(size, { ...fill, seed: random.seed() }),
      );
      const inputs = shapes.map((size) => filled([2, ...size], { kind: 'normal', seed: random.seed() }));
      for (const training of [false, true]) {
        const f = (values: readonly Values[]) => {
          const tape = new Tape();
          const sources = values.map((value) => tape.leaf(value));
          const y = spec.reference({
            tape,
            inputs: sources.slice(0, shapes.length),
            weights: sources.slice(shapes.length),
            options,
            training,
            move: () => {},
          });
          return { value: y.value, gradient: (dy: Values) => tape.gradients([[y, dy]], sources) };
        };
        // The moving statistics are no part of the result in training, nor is it moved by them.
        expect(gradientError(f, [...inputs, ...weights], random)).toBeLessThan(1e-6);
      }
    }
  });

  it.each(['meanSquaredError', 'categoricalCrossentropy'] as const)('loss %s', (name) => {
    const random = new Random(5);
    const loss = (tape: Tape, y: Node) =>
      name === 'meanSquaredError'
        ? meanSquaredError(tape, y, filled([4, 3], { kind: 'normal', seed: 1 }))
        : categoricalCrossentropy(tape, y, filled([4, 3], { kind: 'oneHot', seed: 1, scale: 3 }));
    const f = ([x]: readonly Values[]) => {
      const tape = new Tape();
      const source = tape.leaf(x);
      const y = loss(
        tape,
        tape.apply([source], (values) => softmax(values)),
      );
      return { value: y.value, gradient: (dy: Values) => tape.gradients([[y, dy]], [source]) };
    };
    expect(gradientError(f, [filled([4, 3], { kind: 'normal', seed: 2 })], random)).toBeLessThan(1e-6);
  });
});

describe('definitions of the reference', () => {
  it('erf: values of Abramowitz and Stegun, table 7.1', () => {
    const table = [
      [0.1, 0.112462916],
      [0.5, 0.5204998778],
      [1, 0.8427007929],
      [2, 0.995322265],
      [3, 0.9999779095],
    ];
    for (const [x, y] of table) {
      expect(functions.erfOf(x)).toBeCloseTo(y, 9);
      expect(functions.erfOf(-x)).toBeCloseTo(-y, 9);
    }
  });

  it('halves are rounded to even numbers', () => {
    expect([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.51].map((x) => functions.roundHalfToEven(x) + 0)).toEqual([
      -2, -2, 0, 0, 2, 2, 3,
    ]);
  });

  it('categorical crossentropy of a known distribution', () => {
    const tape = new Tape();
    const y = tape.leaf(valuesOf([2, 2], [0.25, 0.75, 0.4, 0.4]));
    const loss = categoricalCrossentropy(tape, y, valuesOf([2, 2], [1, 0, 0, 1]));
    expect(loss.value.data[0]).toBeCloseTo((Math.log(4) + Math.log(2)) / 2, 12);
  });
});
