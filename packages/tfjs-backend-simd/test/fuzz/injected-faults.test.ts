import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { generateProgram } from '../../fuzz/generate.js';
import { operationsProgram } from '../../fuzz/operations/operations-program.js';
import type { Program } from '../../fuzz/program.js';
import { programSeed } from '../../fuzz/random.js';
import { fuzz } from '../../fuzz/run/fuzz.js';
import { script } from '../../fuzz/run/print.js';
import { checkOf, shrink, type Found } from '../../fuzz/run/shrink.js';
import { getThreadsCount, setConvolutionMethod, setThreadsCount } from '../../src/index.js';
import type { SimdBackend } from '../../src/backend.js';

const BACKEND = 'simd';

/** A program that computes one operation of random values, and reads the result. */
const programOf = (operation: string, attributes: object = {}): Program =>
  operationsProgram(
    [
      { kind: 'create', out: 1, shape: [4, 5, 3], dtype: 'float32', fill: { kind: 'positive', seed: 1 } },
      { kind: 'operation', outs: [2], operation: 'square', inputs: [1], attributes: {} },
      { kind: 'operation', outs: [3], operation, inputs: [2], attributes },
      { kind: 'read', id: 2 },
      { kind: 'read', id: 3 },
    ],
    1,
    false,
  );

async function failuresOf(program: Program, threads = [1]): Promise<Found[]> {
  const found: Found[] = [];
  const run = { programOf: () => program, threads, isDone: (programs: number) => programs > 0 };
  for await (const event of fuzz(run)) if ('failure' in event) found.push(event);
  return found;
}

let restore = () => {};

/** Replaces a kernel until the end of the test; `wrong` gets the right result. */
function inject(
  kernelName: string,
  wrong: (result: tf.TensorInfo, backend: SimdBackend) => tf.TensorInfo,
): void {
  const original = tf.getKernel(kernelName, BACKEND);
  const replace = (kernelFunc: tf.KernelFunc) => {
    tf.unregisterKernel(kernelName, BACKEND);
    tf.registerKernel({ ...original, kernelFunc });
  };
  replace((call) => wrong(original.kernelFunc(call) as tf.TensorInfo, call.backend as SimdBackend));
  restore = () => replace(original.kernelFunc);
}

/** Changes the values of a result. */
const changed = (change: (values: Float32Array) => void) => (result: tf.TensorInfo, backend: SimdBackend) => {
  change(backend.data.get(result.dataId).values as Float32Array);
  return result;
};

beforeAll(async () => {
  await tf.setBackend(BACKEND);
});
afterEach(() => {
  restore();
  restore = () => {};
});

describe('a fault that is put into a kernel is found', () => {
  it('none without a fault, and none in generated programs', async () => {
    expect(await failuresOf(programOf('sigmoid'), [1, 2])).toEqual([]);
    const run = {
      programOf: (i: number) => generateProgram(programSeed(31, i)),
      threads: [1],
      isDone: (programs: number) => programs >= 8,
    };
    for await (const event of fuzz(run)) if ('failure' in event) expect(event.failure).toBeUndefined();
    await setThreadsCount(1);
  });

  it('in a generated program', async () => {
    inject(
      'Relu',
      changed((values) => values.forEach((v, i) => (values[i] = v * 1.001))),
    );
    // Any program may use a ReLU: a model is certain to.
    const kinds: string[] = [];
    const run = {
      programOf: (i: number) => generateProgram(programSeed(31, i)),
      threads: [1],
      isDone: (programs: number) => programs >= 60 || kinds.length > 0,
    };
    for await (const event of fuzz(run)) if ('failure' in event) kinds.push(event.failure.kind);
    expect(kinds).toContain('value');
  });

  it('a value that is off by one ten-thousandth', async () => {
    inject(
      'Sigmoid',
      changed((values) => values.forEach((v, i) => (values[i] = v * 1.0001))),
    );
    expect(await failuresOf(programOf('sigmoid'))).toMatchObject([{ failure: { kind: 'value' } }]);
  });

  it('one wrong value of many', async () => {
    inject(
      'Cumsum',
      changed((values) => (values[values.length - 1] += 1)),
    );
    const [{ failure }] = await failuresOf(
      programOf('cumsum', { axis: 0, exclusive: false, reverse: false }),
    );
    expect(failure).toMatchObject({
      kind: 'value',
      message: expect.stringContaining('t3: value 59 of [4,5,3]'),
    });
  });

  it('a gradient of the wrong sign', async () => {
    inject(
      'EluGrad',
      changed((values) => values.forEach((v, i) => (values[i] = -v))),
    );
    const program = operationsProgram(
      [
        { kind: 'create', out: 1, shape: [7], dtype: 'float32', fill: { kind: 'normal', seed: 1 } },
        { kind: 'gradient', outs: [2], operation: 'elu', inputs: [1], sources: [0], attributes: {}, seed: 2 },
        { kind: 'read', id: 2 },
      ],
      1,
      false,
    );
    expect(await failuresOf(program)).toMatchObject([{ failure: { kind: 'value' } }]);
  });

  it('a NaN that is swallowed', async () => {
    inject(
      'Abs',
      changed((values) => values.forEach((v, i) => (values[i] = Number.isNaN(v) ? 0 : v))),
    );
    const program = operationsProgram(
      [
        { kind: 'create', out: 1, shape: [200], dtype: 'float32', fill: { kind: 'special', seed: 1 } },
        { kind: 'operation', outs: [2], operation: 'abs', inputs: [1], attributes: {} },
        { kind: 'read', id: 2 },
      ],
      1,
      true,
    );
    const [{ failure }] = await failuresOf(program);
    expect(failure.message).toContain('is 0, expected NaN');
  });

  it('a NaN that comes from nowhere, also after a convolution', async () => {
    inject(
      'Square',
      changed((values) => (values[3] = NaN)),
    );
    expect(await failuresOf(programOf('abs'))).toMatchObject([{ failure: { kind: 'value' } }]);
    const program = operationsProgram(
      [
        { kind: 'create', out: 1, shape: [1, 5, 5, 2], dtype: 'float32', fill: { kind: 'normal', seed: 1 } },
        { kind: 'create', out: 2, shape: [3, 3, 2, 4], dtype: 'float32', fill: { kind: 'normal', seed: 2 } },
        {
          kind: 'operation',
          outs: [3],
          operation: 'conv2d',
          inputs: [1, 2],
          attributes: { strides: [1, 1], dilations: [1, 1], pad: 'same' },
        },
        { kind: 'operation', outs: [4], operation: 'square', inputs: [3], attributes: {} },
        { kind: 'read', id: 4 },
      ],
      1,
      false,
    );
    const [{ failure }] = await failuresOf(program);
    expect(failure.message).toContain('value 3 of [1,5,5,4] is NaN');
  });

  it('another shape', async () => {
    inject('Reverse', (result) => ({ ...result, shape: [...result.shape].reverse() }));
    const [{ failure }] = await failuresOf(programOf('reverse', { axes: [0] }));
    expect(failure.message).toContain('t3: shape [3,5,4], expected [4,5,3]');
  });

  it('an exception', async () => {
    inject('Tile', () => {
      throw new Error('unreachable');
    });
    const [{ failure }] = await failuresOf(programOf('tile', { reps: [1, 2, 1] }));
    expect(failure).toMatchObject({ kind: 'error', message: expect.stringContaining('unreachable') });
  });

  it('a tensor that is left', async () => {
    inject('Log1p', (result, backend) => {
      backend.output([4]);
      return result;
    });
    const [{ failure }] = await failuresOf(programOf('log1p'));
    expect(failure).toMatchObject({
      kind: 'leak',
      message: expect.stringMatching(/1 data ids left, \d+ bytes left/),
    });
  });

  it('a result that depends on the number of threads, by its last bit', async () => {
    const bits = new Uint32Array(1);
    const float = new Float32Array(bits.buffer);
    inject(
      'Exp',
      changed((values) => {
        if (getThreadsCount() === 1) return;
        float[0] = values[0];
        bits[0] ^= 1;
        values[0] = float[0];
      }),
    );
    const found = await failuresOf(programOf('exp'), [1, 2]);
    await setThreadsCount(1);
    expect(found).toMatchObject([{ failure: { kind: 'threads', setup: { threads: 2 } } }]);
  });
});

it('a failing program is printed as a small script that runs', async () => {
  inject(
    'Sigmoid',
    changed((values) => values.forEach((v, i) => (values[i] = v + 0.01))),
  );
  const [found] = await failuresOf(programOf('sigmoid'));
  const { program, failure } = await shrink(found, checkOf(found.failure), { milliseconds: 10_000 });
  expect(program.features.filter((name) => name.startsWith('tf.'))).toEqual(['tf.sigmoid']);
  const text = script(program, failure);
  expect(text).toContain(`Seed ${found.program.seed}`);
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...values: unknown[]) => Promise<void>;
  const body = text.replace(/^import .*$/gm, '');
  await new AsyncFunction('tf', 'setConvolutionMethod', 'setThreadsCount', body)(
    tf,
    setConvolutionMethod,
    setThreadsCount,
  );
  const printed = log.mock.calls.map((call) => call.join(' '));
  log.mockRestore();
  setConvolutionMethod('winograd');
  expect(printed.some((line) => line.startsWith('t'))).toBe(true);
});
