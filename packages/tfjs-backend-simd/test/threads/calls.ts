/*
 * Many short calls in turn, the next one with more shares than the last, and each result looked at: a worker that the
 * machine held up within one call must neither take a share of the next nor count as one of it.
 */
import { floatBits, Threads } from '../../src/threads.js';

const [count, calls] = process.argv.slice(2).map(Number);
const threads = new Threads();
threads.setCount(count);
await threads.whenReady();
if (threads.ready !== count) throw new Error(`${threads.ready} of ${count} threads started`);
const LARGE = 4096;
const address = threads.memory.allocate(4 * LARGE);
const values = new Float32Array(threads.memory.memory.buffer, address, LARGE);
for (let call = 0; call < calls; call++) {
  const length = call % 2 ? LARGE : 16;
  threads.run('fill', [address, length, floatBits(call)], { pieces: call % 2 ? 64 : 1 });
  const wrong = values.subarray(0, length).findIndex((value) => value !== call);
  if (wrong >= 0) throw new Error(`call ${call}: value ${wrong} is ${values[wrong]}`);
}
threads.end();
