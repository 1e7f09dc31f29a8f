import { describe, expect, it } from 'vitest';
import { generateProgram } from '../../fuzz/generate.js';
import { graphProgram } from '../../fuzz/graphs/graph-program.js';
import type { Graph } from '../../fuzz/graphs/graph.js';
import type { Instruction } from '../../fuzz/operations/instructions.js';
import { operationsProgram } from '../../fuzz/operations/operations-program.js';
import { parseOptions } from '../../fuzz/options.js';
import { programSeed } from '../../fuzz/random.js';
import { difference, haveSameBits, type Actual } from '../../fuzz/run/compare.js';
import { expectationOf, type Expected } from '../../fuzz/run/expected.js';
import { shrink } from '../../fuzz/run/shrink.js';
import type { Program } from '../../fuzz/program.js';
import type { Failure } from '../../fuzz/run/run-program.js';
import { valuesOf } from '../../fuzz/reference/values.js';

const seeds = (seed: number, count: number) => Array.from({ length: count }, (_, i) => programSeed(seed, i));

describe('programs', () => {
  const programs = seeds(11, 14).map(generateProgram);
  const operations = seeds(15, 40)
    .map(generateProgram)
    .filter(({ kind, isSpecial }) => kind === 'operations' && !isSpecial);
  const expectations = operations.map(expectationOf);

  it('program n of a seed is always the same', () => {
    for (const { seed, code } of programs) expect(generateProgram(seed).code).toBe(code);
    expect(programs.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['graph', 'operations']));
    expect(operations.slice(0, 5).map(expectationOf)).toEqual(expectations.slice(0, 5));
  });

  it('programs of other numbers and seeds differ', () => {
    const codes = [...programs, ...operations].map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('the reference computes what a program reads, in order and by name', () => {
    operations.forEach(({ code }, i) => {
      const read = [...code.matchAll(/read\('(t\d+)'/g)].map(([, name]) => name);
      expect(expectations[i].readings.map(({ name }) => name)).toEqual(read);
    });
  });

  it('the tolerance of exact operations is 0, and in most others the bound of one operation decides', () => {
    const readings = expectations.flatMap((expectation) => expectation.readings);
    const exact = readings.filter(({ precision }) => precision === 'exact');
    expect(exact.length).toBeGreaterThan(10);
    for (const { tolerance } of exact) expect(tolerance).toEqual({ winograd: 0, direct: 0 });
    const ratios = readings
      .filter(({ precision, value }) => precision === 'rounded' && value.data.some((v) => v !== 0))
      .map(({ tolerance, value }) => tolerance.direct / Math.max(...value.data.map(Math.abs)))
      .sort((a, b) => a - b);
    expect(ratios.length).toBeGreaterThan(20);
    expect(ratios[0]).toBeGreaterThanOrEqual(1e-5);
    expect(ratios[ratios.length >> 1]).toBeLessThan(1.5e-5);
  });
});

describe('comparison', () => {
  const expected = (data: readonly number[], more: Partial<Expected> = {}): Expected => ({
    name: 'y',
    value: valuesOf([data.length], data),
    precision: 'rounded',
    tolerance: { winograd: 1e-3, direct: 1e-4 },
    ...more,
  });
  const actual = (data: readonly number[], more: Partial<Actual> = {}): Actual => ({
    name: 'y',
    shape: [data.length],
    dtype: 'float32',
    data,
    ...more,
  });

  it('accepts differences up to the tolerance of the method', () => {
    expect(difference(actual([1.00009]), expected([1]), 'direct')).toBeUndefined();
    expect(difference(actual([1.0005]), expected([1]), 'winograd')).toBeUndefined();
    expect(difference(actual([1.0005]), expected([1]), 'winograd-2x2')).toContain('value 0');
    expect(difference(actual([1.00011]), expected([1]), 'direct')).toContain('value 0');
    expect(difference(actual([1, 2.1, 2.5]), expected([1, 2, 2]), 'direct')).toContain(
      'value 2 of [3] is 2.5, expected 2',
    );
  });

  it.each([
    ['a missing NaN', [1, 2], [1, NaN]],
    ['a NaN that the reference does not have', [1, NaN], [1, 2]],
    ['an infinity of the other sign', [-Infinity], [Infinity]],
    ['an infinity for a number', [Infinity], [3e38]],
    ['a number for an infinity', [3e38], [Infinity]],
  ])('refuses %s', (_, got, want) => {
    expect(difference(actual(got), expected(want), 'direct')).toContain(`expected ${want.at(-1)};`);
  });

  it('accepts that NaN has spread where it may, and never that it is missing', () => {
    expect(
      difference(actual([NaN, NaN]), expected([1, NaN], { spreadsNaN: true }), 'direct'),
    ).toBeUndefined();
    expect(difference(actual([NaN, 1]), expected([NaN, NaN], { spreadsNaN: true }), 'direct')).toContain(
      'value 1 of [2] is 1, expected NaN',
    );
  });

  it('refuses another shape, dtype or name', () => {
    expect(difference(actual([1], { shape: [1, 1] }), expected([1]), 'direct')).toContain(
      'shape [1,1], expected [1]',
    );
    expect(difference(actual([1], { dtype: 'int32' }), expected([1]), 'direct')).toContain('dtype int32');
    expect(difference(actual([1], { name: 'z' }), expected([1]), 'direct')).toContain('read as z');
  });

  it('compares bits: 0 and -0 differ, NaN equals NaN', () => {
    expect(haveSameBits(actual([0, NaN]), actual([0, NaN]))).toBe(true);
    expect(haveSameBits(actual([0]), actual([-0]))).toBe(false);
    expect(haveSameBits(actual([1]), actual([1 + 2 ** -23]))).toBe(false);
  });
});

/** A program of many operations, one of which is to be found. */
const LONG: readonly Instruction[] = [
  { kind: 'create', out: 1, shape: [2, 7, 5, 16], dtype: 'float32', fill: { kind: 'sparse', seed: 1 } },
  { kind: 'create', out: 2, shape: [3, 3, 16, 24], dtype: 'float32', fill: { kind: 'normal', seed: 2 } },
  {
    kind: 'operation',
    outs: [3],
    operation: 'conv2d',
    inputs: [1, 2],
    attributes: { strides: [2, 1], dilations: [1, 1], pad: 'same' },
  },
  { kind: 'operation', outs: [4], operation: 'relu', inputs: [3], attributes: {} },
  { kind: 'read', id: 3 },
  { kind: 'variable', out: 5, input: 4 },
  { kind: 'update', variable: 5, optimizer: 'adam', rate: 0.1 },
  {
    kind: 'tidy',
    body: [
      { kind: 'operation', outs: [6], operation: 'exp', inputs: [4], attributes: {} },
      { kind: 'operation', outs: [7], operation: 'add', inputs: [6, 5], attributes: {} },
      {
        kind: 'operation',
        outs: [8],
        operation: 'cumsum',
        inputs: [7],
        attributes: { axis: 1, exclusive: true, reverse: true },
      },
    ],
    keep: [8],
  },
  {
    kind: 'gradient',
    outs: [9, 10],
    operation: 'mul',
    inputs: [8, 4],
    sources: [0, 1],
    attributes: {},
    seed: 3,
  },
  { kind: 'dispose', id: 8 },
  { kind: 'read', id: 10 },
  { kind: 'read', id: 5 },
];

const MODEL: Graph = {
  seed: 1,
  batch: 3,
  nodes: [
    { id: 0, layer: 'input', inputs: [], options: { shape: [6, 5, 4] }, seed: 1 },
    {
      id: 1,
      layer: 'conv2d',
      inputs: [0],
      options: {
        filters: 8,
        kernelSize: [3, 3],
        strides: [1, 1],
        dilationRate: [1, 1],
        padding: 'same',
        activation: 'relu',
        useBias: true,
        depthMultiplier: 1,
      },
      seed: 2,
    },
    {
      id: 2,
      layer: 'batchNormalization',
      inputs: [1],
      options: { axis: -1, epsilon: 0.01, center: true, scale: true, momentum: 0.9 },
      seed: 3,
    },
    { id: 3, layer: 'activation', inputs: [2], options: { activation: 'tanh' }, seed: 4 },
    { id: 4, layer: 'concatenate', inputs: [3, 1], options: { axis: 3 }, seed: 5 },
    { id: 5, layer: 'globalAveragePooling2d', inputs: [4], options: {}, seed: 6 },
    {
      id: 6,
      layer: 'dense',
      inputs: [5],
      options: { units: 5, activation: 'softmax', useBias: true },
      seed: 7,
    },
  ],
  outputs: [6, 3],
  phases: [
    { kind: 'predict', how: 'predict', isReversed: true },
    { kind: 'weightGradient', training: true },
    { kind: 'train', how: 'minimize', optimizer: 'adagrad', rate: 0.1 },
  ],
  input: { kind: 'sparse' },
};

describe('shrinking', () => {
  const failure: Failure = { kind: 'value', message: '', setup: { threads: 1, method: 'direct' } };
  const shrinkWith = async (program: Program, isFailing: (program: Program) => boolean) => {
    const check = async (smaller: Program) => (isFailing(smaller) ? failure : undefined);
    return (await shrink({ program, failure }, check, { milliseconds: 20_000 })).program;
  };

  it.each([
    ['tf.conv2d', ['create', 'create', 'tf.conv2d']],
    ['tf.cumsum', ['create', 'tf.cumsum']],
    ['gradient of tf.mul', ['create', 'create', 'gradient of tf.mul']],
    ['update by adam', ['create', 'variable', 'update by adam']],
    ['tidy', ['tidy']],
  ])('leaves of a program that fails by %s what it needs', async (feature, expected) => {
    const program = operationsProgram(LONG, 1, false);
    const small = await shrinkWith(program, ({ features }) => features.includes(feature));
    expect(small.features.filter((name) => name !== 'create' || expected.includes('create'))).toEqual(
      expected,
    );
    // All dimensions are 1, and a convolution has its simplest options.
    expect(small.code).not.toMatch(/\[(\d, )*[2-9]/);
  });

  it.each([
    ['layer conv2d', ['layer conv2d']],
    ['layer batchNormalization', ['layer batchNormalization']],
    ['activation softmax', ['layer dense']],
    ['layer concatenate', ['layer concatenate']],
  ])('leaves of a model that fails by %s one layer on one value', async (feature, layers) => {
    const small = await shrinkWith(graphProgram(MODEL, 1), ({ features }) => features.includes(feature));
    expect(small.features.filter((name) => name.startsWith('layer'))).toEqual(layers);
    expect(small.code).toMatch(/shape: \[1(, 1)*\]/);
    expect(small.code).toMatch(/const x = \[?tf\.tensor\(values\('normal', \d+, 1\)/);
  });

  it('leaves of a model that fails in training its steps', async () => {
    const isFailing = ({ features }: Program) => features.includes('optimizer adagrad');
    const small = await shrinkWith(graphProgram(MODEL, 1), isFailing);
    expect(small.features.filter((name) => /^(predict|weightGradient|optimizer)/.test(name))).toEqual([
      'optimizer adagrad',
    ]);
    expect(small.features.filter((name) => name.startsWith('layer')).length).toBe(1);
  });

  it('ends in time with the smallest program so far', async () => {
    const program = operationsProgram(LONG, 1, false);
    let time = 0;
    const check = async () => failure;
    const { program: small } = await shrink({ program, failure }, check, {
      milliseconds: 8,
      now: () => time++,
    });
    expect(small.code.length).toBeLessThan(program.code.length);
    expect(small.code.length).toBeGreaterThan(50);
  });
});

describe('options', () => {
  it('have defaults', () => {
    expect(parseOptions([])).toEqual({ minutes: 1, seed: 1, threads: [1, 2, 3], keepGoing: false });
  });

  it('are read', () => {
    const args = ['--minutes', '0.5', '--seed', '7', '--threads', '2,4', '--program', '123', '--keep-going'];
    expect(parseOptions(args)).toEqual({
      minutes: 0.5,
      seed: 7,
      threads: [2, 4],
      program: 123,
      keepGoing: true,
    });
  });

  it.each([
    [['--minute', '2'], "Unknown option '--minute'"],
    [['2'], "Unexpected argument '2'"],
    [['--minutes', '0'], "Expected --minutes to be a positive number, got '0'"],
    [['--minutes', ''], "Expected --minutes to be a positive number, got ''"],
    [['--seed', '1.5'], 'Expected --seed to be an integer'],
    [['--threads', '1,0'], "Expected --threads to be integers from 1 to 64, got '0'"],
    [['--program', '-1'], '--program'],
  ])('%j is refused', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
