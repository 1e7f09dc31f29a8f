import * as tf from '@tensorflow/tfjs';
import { showValue } from '../show-value.js';
import type { ThreadPool } from './thread-pool.js';

/** The maximum of `setThreadsCount`. */
const MAX_THREADS = 64;
/** The maximum of the default. */
const MAX_DEFAULT_THREADS = 16;

/** The pool of the started backend. */
let startedPool: ThreadPool | undefined;
/** The pool that was created last: of two backends that start at once TensorFlow.js keeps this one's. */
let latestPool: ThreadPool | undefined;
/** The number that `setThreadsCount` has set last. */
let requestedCount: number | undefined;

/**
 * Sets the number of threads of backend `simd`, the calling thread included; resolves when all have started.
 * Before the backend has started it sets the number that the backend starts with. Results do not depend on it.
 *
 * @param count 1 to 64. The default is the number of processors, at most 16; 1 in a page that is not
 * cross-origin isolated
 * @throws RangeError if `count` is not an integer in this range
 * @throws Error if threads cannot start: the page is not cross-origin isolated, or its Content-Security-Policy
 * does not allow workers. The backend then runs with those that have started
 */
export async function setThreadsCount(count: number): Promise<void> {
  if (!Number.isInteger(count) || count < 1 || count > MAX_THREADS)
    throw new RangeError(`Expected count to be an integer from 1 to ${MAX_THREADS}, got ${showValue(count)}`);
  if (count > 1 && !canShareMemory())
    throw new Error(
      `Backend 'simd' can have only 1 thread here, not ${count}: the page is not cross-origin isolated. Serve it with ` +
        'the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
    );
  requestedCount = count;
  if (!startedPool) return;
  const error = await startThreads(startedPool, count);
  if (error) throw new Error(error);
}

/**
 * The number of threads of backend `simd` that run, the calling thread included; before the backend has started, the
 * number that it will start with.
 */
export const getThreadsCount = (): number => startedPool?.readyCount ?? wantedCount();

const wantedCount = (): number => requestedCount ?? defaultThreadCount();

/** Starts the threads of a new backend. Warns if not all can start: the backend works with fewer. */
export async function startPool(pool: ThreadPool): Promise<void> {
  latestPool = pool;
  let count = wantedCount();
  let error = await startThreads(pool, count);
  // setThreadsCount may have been called meanwhile.
  while (latestPool === pool && count !== wantedCount()) {
    count = wantedCount();
    error = await startThreads(pool, count);
  }
  // Another tf.setBackend has overtaken this one.
  if (latestPool !== pool) return pool.terminate();
  if (error) tf.backend_util.warn(error);
  startedPool?.terminate();
  startedPool = pool;
}

/** Terminates the threads of a backend that is disposed of. */
export function stopPool(pool: ThreadPool): void {
  pool.terminate();
  if (startedPool === pool) startedPool = undefined;
}

/** Resolves to the reason if not all threads have started; the pool then has those that have. */
async function startThreads(pool: ThreadPool, count: number): Promise<string | undefined> {
  pool.setThreadCount(count);
  await pool.whenReady();
  const { readyCount, startError } = pool;
  // Another call of setThreadsCount may have changed the number meanwhile.
  if (!startError || pool.threadCount !== count) return undefined;
  pool.setThreadCount(readyCount);
  await pool.whenReady();
  return (
    `Backend 'simd' has started ${readyCount} of ${count} threads (${startError}). ` +
    'A Content-Security-Policy must allow workers: worker-src blob:'
  );
}

/** Whether memory can be shared with workers: in Node, and in pages that are cross-origin isolated. */
function canShareMemory(): boolean {
  const isNode = typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function';
  return isNode || globalThis.crossOriginIsolated === true;
}

/** The number of processors, at most 16, where memory can be shared with workers; else 1. */
function defaultThreadCount(): number {
  if (!canShareMemory()) return 1;
  const processors = globalThis.navigator?.hardwareConcurrency ?? nodeProcessors();
  return Math.min(MAX_DEFAULT_THREADS, Math.max(1, processors));
}

const nodeProcessors = () => process.getBuiltinModule('node:os').availableParallelism();
