/* Kernels that fail: whoever waits for them gets an error, not no answer; and where only the stack was too short, the result. */
import { floatBits, Threads } from '../../src/threads.js';
import { FAILED } from '../../src/worker-code.js';

const count = Number(process.argv[2]);
const threads = new Threads();
const start = async () => {
  threads.setCount(count);
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
  throw new Error('expected an error');
}

// Long kernels, so that this thread takes part in them where its stack ends.
function recurse(): void {
  threads.run('eachTanh', [address, address, LENGTH, 0, 0], { pieces: 64 });
  recurse();
}
for (let i = 0; i < 10; i++) {
  const error = errorOf(recurse);
  if (!(error instanceof RangeError)) throw error;
  threads.run('fill', [address, LENGTH, floatBits(-i)], { pieces: 64 });
  const wrong = threads.memory.floats(address, LENGTH).findIndex((value) => value !== -i);
  if (wrong >= 0) throw new Error(`value ${wrong} after recursion ${i}`);
}

/** Asks for a kernel that reads past the end of the memory; by its one share a single thread fails. */
const fail = () => threads.run('eachNeg', [0x7fffff00, address, 4096, 0, 0], { pieces: 1 });

/** A worker takes the share, however late, while this thread takes no part. */
async function failedInWorker(): Promise<void> {
  const { control } = threads as unknown as { control: Int32Array };
  while (!Atomics.load(control, FAILED)) await new Promise((resolve) => setTimeout(resolve, 5));
}

for (let i = 0; i < 3; i++) {
  fail();
  if (i > 0) await failedInWorker();
  const acts = [() => threads.finish(), () => void threads.memory.floats(address, 1), () => threads.end()];
  for (const act of acts) {
    const { message } = errorOf(act);
    const expected = i > 0 ? /failed in a worker/ : /memory access out of bounds|failed in a worker/;
    if (!expected.test(message)) throw new Error(message);
  }
  await start();
}
threads.run('fill', [address, LENGTH, floatBits(7)], { pieces: 64 });
if (!threads.memory.floats(address, LENGTH).every((value) => value === 7)) throw new Error('not filled');
threads.end();
