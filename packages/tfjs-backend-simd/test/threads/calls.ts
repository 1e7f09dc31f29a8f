/*
 * A program that dispatches many short calls: `calls COUNT CALLS`. First it reads each result, and
 * consecutive calls have different numbers of chunks: a worker that was delayed in one call must neither run
 * a chunk of the next nor count as one of it. Then many calls are outstanding at a time, and each reads what
 * all chunks of the one before have written.
 */
import { floatBits } from '../../src/threads/float-bits.js';
import { ThreadPool, type DispatchOptions } from '../../src/threads/thread-pool.js';

const [count, calls] = process.argv.slice(2).map(Number);
const threads = new ThreadPool();
threads.setThreadCount(count);
await threads.whenReady();
if (threads.readyCount !== count) throw new Error(`${threads.readyCount} of ${count} threads started`);
const LARGE = 4096;
const BLOCK = 64;
const [address, other] = [0, 1].map(() => threads.memory.allocate(4 * LARGE + 2 * BLOCK));

function expectAll(step: string, length: number, expected: number): void {
  const values = threads.memory.floats(address, length);
  const wrong = values.findIndex((value) => value !== expected);
  if (wrong >= 0) throw new Error(`${step}: expected value ${wrong} to be ${expected}, got ${values[wrong]}`);
}

for (let call = 0; call < calls; call++) {
  const length = call % 2 ? LARGE : 16;
  threads.dispatch('fill', [address, length, floatBits(call)], { maxChunks: call % 2 ? 64 : 1 });
  expectAll(`call ${call}`, length, call);
}

/** Negates from 64 bytes on, so that a chunk reads what another chunk of the call before has written. */
const negate = (from: number, to: number, length: number, options: DispatchOptions) =>
  threads.dispatch('eachNeg', [from + BLOCK, to, length, 0, 0], options);

for (let round = 1; round < calls / 20; round++) {
  threads.dispatch('fill', [address, LARGE, floatBits(round)], { maxChunks: 64 });
  const pairs = 1 + (round % 15);
  for (let i = 0; i < pairs; i++) {
    const length = LARGE - 32 * i;
    negate(address, other, length - 16, { maxChunks: 1 + ((round + 7 * i) % 40) });
    negate(other, address, length - 32, i % 3 ? { maxChunks: 1 + (round % 64) } : { serial: true });
  }
  expectAll(`round ${round}`, LARGE - 32 * pairs, round);
}

// Termination finishes all dispatched calls.
for (let i = 0; i < 10; i++) threads.dispatch('fill', [address, LARGE, floatBits(-i)]);
threads.terminate();
expectAll('the last call', LARGE, -9);
