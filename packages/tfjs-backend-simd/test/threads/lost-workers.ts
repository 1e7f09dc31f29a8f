/*
 * A program in which workers end while they run chunks: `lost-workers COUNT ROUNDS`. Each call is an error or has all its
 * results; then the next call works, with all threads again.
 */
import type { Worker } from 'node:worker_threads';
import { floatBits } from '../../src/threads/float-bits.js';
import { KernelFailure } from '../../src/threads/kernel-failure.js';
import { ThreadPool } from '../../src/threads/thread-pool.js';

const [count, rounds] = process.argv.slice(2).map(Number);

// Records the workers, so that they can be ended from outside the pool.
const threads = process.getBuiltinModule('node:worker_threads');
const started: Worker[] = [];
const NodeWorker = threads.Worker;
threads.Worker = class extends NodeWorker {
  constructor(...args: ConstructorParameters<typeof NodeWorker>) {
    super(...args);
    started.push(this);
  }
};

const pool = new ThreadPool();
pool.setThreadCount(count);
await pool.whenReady();
const LENGTH = 1 << 20;
const x = pool.memory.allocate(4 * LENGTH);
let y = pool.memory.allocate(4 * LENGTH);

const outcomes = { failed: 0, succeeded: 0 };

function expectAll(step: string, address: number, expected: number): void {
  const wrong = pool.memory.floats(address, LENGTH).findIndex((value) => Math.abs(value - expected) > 1e-6);
  if (wrong >= 0) throw new Error(`${step}: wrong value ${wrong}`);
}

const sleep = (milliseconds: number) =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

/**
 * Ends a worker while calls run; true if all calls had their results. In every other round the worker has the only chunk
 * of a call.
 */
function runAndEnd(worker: Worker, round: number): boolean {
  try {
    pool.dispatch('eachTanh', [x, y, LENGTH, 0, 0], { maxChunks: round % 2 ? 1 : 4 });
    sleep(round % 2 ? 2 : (round % 10) / 10);
    void worker.terminate();
    for (let i = 0; i < 3; i++) pool.dispatch('eachTanh', [x, y, LENGTH, 0, 0], { maxChunks: 4 });
    expectAll('calls while a worker ended', y, Math.tanh(0.5));
    return true;
  } catch (error) {
    if (!(error instanceof KernelFailure) || !/a worker thread has ended/.test(error.message)) throw error;
    return false;
  }
}

for (let round = 0; round < rounds; round++) {
  pool.dispatch('fill', [x, LENGTH, floatBits(0.5)]);
  const alive = started.slice(-(count - 1));
  const ended = alive[round % alive.length];
  const isDone = runAndEnd(ended, round);
  outcomes[isDone ? 'succeeded' : 'failed']++;
  pool.dispatch('fill', [y, LENGTH, floatBits(round)]);
  expectAll(`round ${round}`, y, round);
  // An event tells of the end of a worker that had no chunk; then all threads are there again.
  await ended.terminate();
  for (let i = 0; i < 1000 && pool.readyCount < count; i++)
    await new Promise((resolve) => setTimeout(resolve, 5));
  if (pool.readyCount !== count) throw new Error(`${pool.readyCount} threads`);
}

// A kernel reads past the end of the memory while a worker ends, and the main thread only waits for events: the pool
// restarts, and no exception is left without a caller.
const oldMemory = pool.memory;
const [last] = started.slice(-1);
const end = new Promise((resolve) => last.once('exit', resolve));
pool.dispatch('eachNeg', [0x7fffff00, y, 4096, 0, 0], { maxChunks: 4 });
void last.terminate();
// A worker does not keep the process alive.
const timer = setInterval(() => {}, 1000);
await end;
clearInterval(timer);
await pool.whenReady();
if (pool.memory === oldMemory || pool.readyCount !== count) throw new Error('Expected a restart');
y = pool.memory.allocate(4 * LENGTH);
pool.dispatch('fill', [y, LENGTH, floatBits(3)]);
expectAll('after a restart', y, 3);
pool.terminate();
if (outcomes.failed === 0) throw new Error('No worker ended while it had a chunk');
console.log(JSON.stringify(outcomes));
