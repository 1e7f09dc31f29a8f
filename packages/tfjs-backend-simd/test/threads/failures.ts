/* Kernels that fail: whoever waits for them gets an error, not no answer; and where only the stack was too short, the result. */
import { floatBits, Threads } from '../../src/threads.js';

const count = Number(process.argv[2]);
const threads = new Threads();
const start = async () => {
  threads.setCount(count);
  await threads.whenReady();
};
await start();
const LENGTH = 4096;
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

let asked = 0;
function recurse(): void {
  asked++;
  threads.run('fill', [address, LENGTH, floatBits(asked)], { pieces: 64 });
  recurse();
}
for (let i = 0; i < 20; i++) {
  const error = errorOf(recurse);
  if (!(error instanceof RangeError)) throw error;
  threads.run('fill', [address, LENGTH, floatBits(-i)], { pieces: 64 });
  const wrong = threads.memory.floats(address, LENGTH).findIndex((value) => value !== -i);
  if (wrong >= 0) throw new Error(`value ${wrong} after recursion ${i}`);
}

const outside = 0x7fffff00;
for (let i = 0; i < 3; i++) threads.run('eachNeg', [address, address, LENGTH, 0, 0], { pieces: 64 });
const failing = () => {
  threads.run('eachNeg', [outside, address, LENGTH, 0, 0], { pieces: 64 });
  threads.finish();
};
const pattern = /memory access out of bounds|failed in a worker/;
for (const act of [failing, () => threads.finish(), () => threads.end()]) {
  const { message } = errorOf(act);
  if (!pattern.test(message)) throw new Error(message);
}
await start();
threads.run('fill', [address, LENGTH, floatBits(7)], { pieces: 64 });
if (!threads.memory.floats(address, LENGTH).every((value) => value === 7)) throw new Error('not filled');
threads.end();
