/*
 * A program in which kernels fail: `failures COUNT OVERFLOWS`. A failed call is reported, the next call works, and a
 * kernel that overflowed the stack of the main thread runs again.
 */
import { KernelFailure } from '../../src/threads/kernel-failure.js';
import { floatBits } from '../../src/threads/float-bits.js';
import { ThreadPool } from '../../src/threads/thread-pool.js';

const [count, overflows] = process.argv.slice(2).map(Number);
const threads = new ThreadPool();
threads.setThreadCount(count);
await threads.whenReady();
const LENGTH = 1 << 15;
let address = threads.memory.allocate(4 * LENGTH);

/** The error that `act` throws. */
function errorOf(act: () => void): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Expected an error');
}

/** Fills all values and reads them. */
function expectFilled(step: string, value: number): void {
  threads.dispatch('fill', [address, LENGTH, floatBits(value)], { maxChunks: 64 });
  const wrong = threads.memory.floats(address, LENGTH).findIndex((other) => other !== value);
  if (wrong >= 0) throw new Error(`${step}: wrong value ${wrong}`);
  if (threads.readyCount !== threads.threadCount) return;
  if (threads.threadCount !== count) throw new Error(`${step}: ${threads.threadCount} threads`);
}

// Long kernels, so that the main thread runs chunks of them, also where its stack overflows.
function recurse(): void {
  threads.dispatch('eachTanh', [address, address, LENGTH, 0, 0], { maxChunks: 64 });
  recurse();
}
for (let i = 0; i < overflows; i++) {
  const error = errorOf(recurse);
  if (!(error instanceof RangeError)) throw error;
  expectFilled(`after recursion ${i}`, -i);
}

/** Resolves when a worker has run the chunk; the main thread runs none meanwhile. */
const workersRun = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Dispatches `batchNormApply` for no channels, which divides by 0, in this many chunks. */
const divideByZero = (chunks: number) =>
  threads.dispatch('batchNormApply', [address, address, 16, 0, address, 0], { maxChunks: chunks });
/** Dispatches a kernel that reads past the end of the memory. */
const readOutside = (chunks: number) =>
  threads.dispatch('eachNeg', [0x7fffff00, address, 4096, 0, 0], { maxChunks: chunks });

for (let i = 0; i < 12; i++) {
  const isOutside = i % 2 === 1;
  const oldMemory = threads.memory;
  const error = errorOf(() => {
    (isOutside ? readOutside : divideByZero)(i % 3 === 0 ? 1 : 3 * count);
    threads.finish();
  });
  if (!(error instanceof KernelFailure)) throw error;
  const expected = isOutside ? /'eachNeg' .* out of bounds/ : /'batchNormApply' .* divide by zero/;
  if (!expected.test(error.message)) throw new Error(error.message);
  if ((threads.memory !== oldMemory) !== isOutside)
    throw new Error(`Failure ${i}: the memory was ${isOutside ? 'kept' : 'replaced'}`);
  if (isOutside) address = threads.memory.allocate(4 * LENGTH);
  expectFilled(`after failure ${i}`, i);
  if (i % 4 === 3) await threads.whenReady();
}

// A failure in a worker, while the main thread does nothing.
await threads.whenReady();
divideByZero(1);
await workersRun();
const later = errorOf(() => threads.finish());
if (!(later instanceof KernelFailure)) throw later;
expectFilled('after a failure in a worker', 7);
threads.terminate();
