/*
 * A program in which kernels fail: `failures COUNT`. `finish` must throw instead of blocking, and a kernel
 * that overflowed the stack of the main thread must run again.
 */
import { FAILED } from '../../src/threads/control-layout.js';
import { floatBits } from '../../src/threads/float-bits.js';
import { ThreadPool } from '../../src/threads/thread-pool.js';

const count = Number(process.argv[2]);
const threads = new ThreadPool();
const start = async () => {
  threads.setThreadCount(count);
  await threads.whenReady();
};
await start();
const LENGTH = 1 << 15;
const address = threads.memory.allocate(4 * LENGTH);

/** The error that `act` throws. */
function errorOf(act: () => void): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Expected an error');
}

// Long kernels, so that the main thread runs chunks of them, also where its stack overflows.
function recurse(): void {
  threads.dispatch('eachTanh', [address, address, LENGTH, 0, 0], { maxChunks: 64 });
  recurse();
}
for (let i = 0; i < 10; i++) {
  const error = errorOf(recurse);
  if (!(error instanceof RangeError)) throw error;
  threads.dispatch('fill', [address, LENGTH, floatBits(-i)], { maxChunks: 64 });
  const wrong = threads.memory.floats(address, LENGTH).findIndex((value) => value !== -i);
  if (wrong >= 0) throw new Error(`Wrong value ${wrong} after recursion ${i}`);
}

/** Dispatches a kernel that reads past the end of the memory, as one chunk: it fails in one thread. */
const fail = () => threads.dispatch('eachNeg', [0x7fffff00, address, 4096, 0, 0], { maxChunks: 1 });

/** Resolves when a worker has run the chunk; the main thread runs none meanwhile. */
async function failedInWorker(): Promise<void> {
  const { control } = threads as unknown as { control: Int32Array };
  while (!Atomics.load(control, FAILED)) await new Promise((resolve) => setTimeout(resolve, 5));
}

for (let i = 0; i < 3; i++) {
  fail();
  if (i > 0) await failedInWorker();
  const acts = [
    () => threads.finish(),
    () => void threads.memory.floats(address, 1),
    () => threads.terminate(),
  ];
  for (const act of acts) {
    const { message } = errorOf(act);
    const expected = i > 0 ? /failed in a worker/ : /memory access out of bounds|failed in a worker/;
    if (!expected.test(message)) throw new Error(message);
  }
  await start();
}
threads.dispatch('fill', [address, LENGTH, floatBits(7)], { maxChunks: 64 });
if (!threads.memory.floats(address, LENGTH).every((value) => value === 7)) throw new Error('Not filled');
threads.terminate();
