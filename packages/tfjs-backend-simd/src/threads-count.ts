import * as tf from '@tensorflow/tfjs';
import type { SimdBackend } from './backend.js';
import { BACKEND } from './register.js';

const backend = () => {
  const found = tf.engine().findBackend(BACKEND) as unknown as SimdBackend | null;
  if (!found) throw new Error("Backend 'simd' has not started: await tf.setBackend('simd') first");
  return found;
};

/** How many threads share the work of backend `simd`, this one included. Results do not depend on it. */
export async function setThreadsCount(count: number): Promise<void> {
  if (!Number.isInteger(count) || count < 1 || count > 64)
    throw new RangeError(`Expected count to be an integer from 1 to 64, got ${count}`);
  const { threads } = backend();
  threads.setCount(count);
  await threads.whenReady();
}

export const getThreadsCount = (): number => backend().threads.count;
