import * as tf from '@tensorflow/tfjs';
import { afterAll, vi } from 'vitest';

/*
 * Runs before each test file of packages whose files share TensorFlow.js in a worker: each file begins on the backend cpu,
 * without variables, and with the classes of layers that TensorFlow.js has registered.
 */

const { classNameMap } = tf.serialization.SerializationMap.getMap();
const classes = { ...classNameMap };

await tf.setBackend('cpu');

afterAll(() => {
  vi.restoreAllMocks();
  tf.disposeVariables();
  for (const name of Object.keys(classNameMap)) delete classNameMap[name];
  Object.assign(classNameMap, classes);
});
