import * as tf from '@tensorflow/tfjs';
import { afterAll, vi } from 'vitest';

/*
 * Runs before each test file of packages whose files share TensorFlow.js in a worker. Each file begins on the backend cpu,
 * without variables, with the classes of layers that TensorFlow.js has registered, and with the working folder and the
 * environment of the worker.
 */

const { classNameMap } = tf.serialization.SerializationMap.getMap();
const classes = { ...classNameMap };
const environment = { ...process.env };
const workingFolder = process.cwd();

await tf.setBackend('cpu');

/** Gives an object the keys and values of another one. */
function restore<Value>(changed: Record<string, Value>, original: Readonly<Record<string, Value>>): void {
  for (const key of Object.keys(changed)) if (!(key in original)) delete changed[key];
  Object.assign(changed, original);
}

afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  tf.disposeVariables();
  restore(classNameMap, classes);
  restore(process.env, environment);
  process.chdir(workingFolder);
});
