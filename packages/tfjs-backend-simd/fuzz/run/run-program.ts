import * as tf from '@tensorflow/tfjs';
import {
  getThreadsCount,
  setConvolutionMethod,
  setThreadsCount,
  type ConvolutionMethod,
} from '../../src/index.js';
import { fillValues } from '../fill.js';
import type { Program } from '../program.js';
import { difference, haveSameBits, type Actual } from './compare.js';
import type { Expectation } from './expected.js';

/** How the backend is set up for a run. */
export interface Setup {
  readonly threads: number;
  readonly method: ConvolutionMethod;
}

/** A wrong result. */
export interface Failure {
  readonly kind: 'value' | 'error' | 'threads' | 'leak';
  readonly message: string;
  readonly setup: Setup;
}

type Body = (
  tf_: typeof tf,
  values: typeof fillValues,
  read: (name: string, value: tf.Tensor | number[]) => void,
) => Promise<void>;

const AsyncFunction = (async () => {}).constructor as new (...args: string[]) => Body;

/** Compiled once per program. */
const bodies = new WeakMap<Program, Body>();

function bodyOf(program: Program): Body {
  const known = bodies.get(program);
  if (known) return known;
  const body = new AsyncFunction('tf', 'values', 'read', program.code);
  bodies.set(program, body);
  return body;
}

/** The members of backend simd that are read here. */
interface Inside {
  readonly threadPool: { readonly memory: { readonly bytesUsed: number } };
  numDataIds(): number;
}

function inUse() {
  const backend = tf.backend() as unknown as Inside;
  return {
    tensors: tf.memory().numTensors,
    'data ids': backend.numDataIds(),
    bytes: backend.threadPool.memory.bytesUsed,
  };
}

const toActual = (name: string, value: tf.Tensor | number[]): Actual =>
  Array.isArray(value)
    ? { name, shape: [value.length], dtype: 'float32', data: value }
    : { name, shape: value.shape, dtype: value.dtype, data: value.dataSync() };

export interface Outcome {
  readonly readings: readonly Actual[];
  readonly failure?: Failure;
}

/** Runs a program on backend simd as it is set up. `expected` of a run with another number of threads: its readings. */
export async function runProgram(
  program: Program,
  expectation: Expectation,
  setup: Setup,
  otherThreads?: readonly Actual[],
): Promise<Outcome> {
  setConvolutionMethod(setup.method);
  const readings: Actual[] = [];
  const fail = (kind: Failure['kind'], message: string): Outcome => ({
    readings,
    failure: { kind, message, setup },
  });
  const before = inUse();
  try {
    await bodyOf(program)(tf, fillValues, (name, value) => readings.push(toActual(name, value)));
  } catch (error) {
    return fail('error', (error as Error).stack ?? String(error));
  }
  const after = inUse();
  if (readings.length !== expectation.readings.length)
    return fail('value', `${readings.length} readings, expected ${expectation.readings.length}`);
  for (const [i, expected] of expectation.readings.entries()) {
    const message = difference(readings[i], expected, setup.method);
    if (message) return fail('value', message);
    if (otherThreads && !haveSameBits(readings[i], otherThreads[i]))
      return fail('threads', `${expected.name}: other bits than with another number of threads`);
  }
  const left = Object.entries(after).filter(([what, count]) => count !== before[what as keyof typeof before]);
  if (left.length > 0)
    return fail(
      'leak',
      left.map(([what, count]) => `${count - before[what as keyof typeof before]} ${what} left`).join(', '),
    );
  return { readings };
}

/** Starts the threads, unless that many run. */
export async function useThreads(count: number): Promise<void> {
  if (getThreadsCount() !== count) await setThreadsCount(count);
}
