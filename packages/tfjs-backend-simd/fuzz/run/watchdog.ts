import { Worker } from 'node:worker_threads';

/** A program may take this long, its reference included. */
const LIMIT_SECONDS = 120;

/** Runs in a worker: the main thread may wait for a lost call for ever, and then runs no timer. */
const CODE = `
const { workerData: { state, limit } } = require('node:worker_threads');
const { writeSync } = require('node:fs');
let [last, since] = [-1, Date.now()];
setInterval(() => {
  const count = Atomics.load(state, 0);
  if (count !== last) [last, since] = [count, Date.now()];
  else if (Date.now() - since > limit * 1000) {
    writeSync(2, 'Program ' + Atomics.load(state, 1) + ' has not ended after ' + limit + ' s: npm run fuzz -- --program ' + Atomics.load(state, 1) + '\\n');
    process.kill(process.pid, 'SIGKILL');
  }
}, 1000);
`;

/** Ends the process with a message if a program does not end. Returns the function that reports the next one. */
export function startWatchdog(): (seed: number) => void {
  const state = new Int32Array(new SharedArrayBuffer(8));
  new Worker(CODE, { eval: true, workerData: { state, limit: LIMIT_SECONDS } }).unref();
  return (seed) => {
    Atomics.store(state, 1, seed);
    Atomics.add(state, 0, 1);
  };
}
