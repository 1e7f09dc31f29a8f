import * as tf from '@tensorflow/tfjs';
import { BACKEND_NAME } from '../backend-name.js';
import type { SimdBackend } from '../backend.js';
import { showValue } from '../show-value.js';

/** The maximum of `setThreadsCount`. */
const MAX_THREADS = 64;
/** The maximum of the default. */
const MAX_DEFAULT_THREADS = 16;

function startedBackend(): SimdBackend {
  const backend = tf.engine().findBackend(BACKEND_NAME) as unknown as SimdBackend | null;
  if (!backend) throw new Error("Backend 'simd' has not started: await tf.setBackend('simd') first");
  return backend;
}

/**
 * Sets the number of threads of backend `simd`, the calling thread included; resolves when all have started.
 * Results do not depend on it.
 *
 * @param count 1 to 64. The default is the number of processors, at most 16; 1 in a page that is not
 * cross-origin isolated
 * @throws RangeError if `count` is not an integer in this range
 * @throws Error if the backend has not started
 */
export async function setThreadsCount(count: number): Promise<void> {
  if (!Number.isInteger(count) || count < 1 || count > MAX_THREADS)
    throw new RangeError(`Expected count to be an integer from 1 to ${MAX_THREADS}, got ${showValue(count)}`);
  const { threadPool } = startedBackend();
  threadPool.setThreadCount(count);
  await threadPool.whenReady();
}

/**
 * The number of threads of backend `simd`, the calling thread included.
 *
 * @throws Error if the backend has not started
 */
export const getThreadsCount = (): number => startedBackend().threadPool.threadCount;

/**
 * The number of processors, at most 16, where memory can be shared with workers (Node, cross-origin isolated
 * pages); else 1.
 */
export function defaultThreadCount(): number {
  const isNode = typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function';
  if (!isNode && !globalThis.crossOriginIsolated) return 1;
  const processors = globalThis.navigator?.hardwareConcurrency ?? nodeProcessors();
  return Math.min(MAX_DEFAULT_THREADS, Math.max(1, processors));
}

const nodeProcessors = () => process.getBuiltinModule('node:os').availableParallelism();
