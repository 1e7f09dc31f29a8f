/*
 * Many short calls. First each result is looked at, and the next call has more shares than the last: a worker that the
 * machine held up within one call must neither take a share of the next nor count as one of it. Then many wait at a time,
 * and each reads what all shares of the one before have written.
 */
import { floatBits, Threads } from '../../src/threads.js';

const [count, calls] = process.argv.slice(2).map(Number);
const threads = new Threads();
threads.setCount(count);
await threads.whenReady();
if (threads.ready !== count) throw new Error(`${threads.ready} of ${count} threads started`);
const LARGE = 4096;
const BLOCK = 64;
const [address, other] = [0, 1].map(() => threads.memory.allocate(4 * LARGE + 2 * BLOCK));

function expectAll(what: string, length: number, expected: number): void {
  const values = threads.memory.floats(address, length);
  const wrong = values.findIndex((value) => value !== expected);
  if (wrong >= 0) throw new Error(`${what}: value ${wrong} is ${values[wrong]}, not ${expected}`);
}

for (let call = 0; call < calls; call++) {
  const length = call % 2 ? LARGE : 16;
  threads.run('fill', [address, length, floatBits(call)], { pieces: call % 2 ? 64 : 1 });
  expectAll(`call ${call}`, length, call);
}

/** A share reads where another share of the call before wrote: 64 bytes on. */
const negate = (from: number, to: number, length: number, options: { alone?: boolean; pieces?: number }) =>
  threads.run('eachNeg', [from + BLOCK, to, length, 0, 0], options);

for (let round = 1; round < calls / 20; round++) {
  threads.run('fill', [address, LARGE, floatBits(round)], { pieces: 64 });
  const pairs = 1 + (round % 15);
  for (let i = 0; i < pairs; i++) {
    const length = LARGE - 32 * i;
    negate(address, other, length - 16, { pieces: 1 + ((round + 7 * i) % 40) });
    negate(other, address, length - 32, i % 3 ? { pieces: 1 + (round % 64) } : { alone: true });
  }
  expectAll(`round ${round}`, LARGE - 32 * pairs, round);
}

// What is asked for last is done too.
for (let i = 0; i < 10; i++) threads.run('fill', [address, LARGE, floatBits(-i)]);
threads.end();
expectAll('the end', LARGE, -9);
