/*
 * The code of a worker, as text: it ships inside the package and needs no file of its own in Node or in a
 * browser.
 *
 * A pool has one main thread, the one that dispatches, and workers 1..threadCount-1. A CALL is one dispatched
 * kernel; it is divided into 1..192 CHUNKS. Calls are numbered 1, 2, 3, ... (32-bit, wrapping). Call n uses
 * SLOT n % 16 of `control` (control-layout.ts). Calls run strictly in order; the chunks of one call run in
 * any order on any thread. Claiming a chunk is lock-free: a compare-and-swap, without a mutex and without a
 * message per kernel. Only claiming is: a call is finished when its last claimed chunk is, so a stalled
 * thread delays the one chunk that it has claimed.
 *
 * 1. Post (main thread only, so that no lock is needed). Wait until posted - DONE < 16: then the slot of n =
 *    posted + 1 is free. Write the arguments (64 words per slot, in the WebAssembly memory), KERNEL,
 *    ARGUMENTS, CHUNKS and CHUNKS_DONE = 0 with plain stores; then TICKET = (n, chunks) and POSTED = n with
 *    atomic stores. The atomic store of the ticket publishes the plain ones.
 * 2. Wake. If any worker is SLEEPING, notify POSTED, which wakes all workers that wait for it. No wake-up is
 *    lost: a worker sets SLEEPING and then waits only if POSTED still has the value that it has read; the
 *    main thread stores POSTED and then reads SLEEPING. All of these are sequentially consistent, so either
 *    the main thread reads the flag, or the wait of the worker returns at once.
 * 3. Select. A thread considers only call d + 1, where d is DONE (a worker reads DONE first, then POSTED).
 *    All earlier calls are finished, so their writes are visible without another barrier.
 * 4. Claim. Load the TICKET of the slot of call d + 1. If its call number is not d + 1 (24 bits), the thread
 *    is late and the slot has been reused; if no chunk is unclaimed, there is nothing to run: go to 3.
 *    Otherwise compare-and-swap the ticket to one chunk less, and load it again if that fails. On success the
 *    thread has claimed chunk CHUNKS - unclaimed (0-based). Everything that decides a claim is in this one
 *    word; KERNEL, ARGUMENTS and CHUNKS are read only after it. The main thread does not check the call
 *    number, because it alone reuses slots. A stale swap would need a thread that stops between load and swap
 *    for a multiple of 2^24 calls.
 * 5. Run kernel(arguments, chunk, chunks, worker). `worker` (0 on the main thread) selects scratch memory.
 *    The bits of the results do not depend on the number of threads: chunks write disjoint outputs, and sums
 *    that cross chunks are divided into parts by shape and added in order.
 * 6. Complete. Atomically add 1 to CHUNKS_DONE. The thread whose addition makes it equal to CHUNKS stores
 *    DONE = n, which makes call n + 1 selectable (step 3). While a claimed chunk is unfinished, DONE stays
 *    below n, so its slot cannot be reused (step 1).
 * 7. Wait. A worker that has polled SPIN_LIMIT times without a chunk sleeps. If a call is unfinished but
 *    fully claimed, it waits for DONE for at most BACKOFF_MS (nothing notifies DONE: it is a timed back-off);
 *    else it sets SLEEPING, waits for POSTED without a limit, and clears SLEEPING. The main thread, in
 *    `finish`, takes the unfinished calls in order: it runs unclaimed chunks itself (steps 4 to 6), then
 *    polls DONE, and after SPIN_LIMIT polls sleeps for BACKOFF_MS, except on the main thread of a page, where
 *    Atomics.wait is not allowed and it keeps polling. `dispatch` also runs chunks of the oldest call if more
 *    than MAX_CALLS_AHEAD calls are unfinished after a post.
 * 8. Visibility for JavaScript. Only `finish` guarantees that kernels have run. SharedMemory calls it before
 *    it creates a view. Blocks may be freed and reused before the kernels that use them have run: later
 *    kernels are later calls, and JavaScript reads and writes go through `finish`.
 * 9. Failure. If a kernel throws (an access out of bounds, a division by zero), the thread stores the message in the
 *    slot of the call, sets FAILED, and counts the chunk, so that the call finishes. The main thread looks at FAILED
 *    before it dispatches a call and after it has waited for all; then it reads the slots, and `onFailure` gets the
 *    failed calls and those after them. After an access out of bounds other values may have been overwritten: the pool
 *    restarts with a new memory. A kernel that overflows the stack of the main thread (a RangeError) has not failed:
 *    the error propagates, the claimed chunk stays in `pendingChunk` and is run first by the next runChunks, which is
 *    for the same call, because that call is not finished.
 *    A worker sets CLAIMING before the swap of step 4 and clears it after step 6. If a worker has ended with CLAIMING set, no other
 *    worker has it set, and no chunk is unclaimed, then the missing chunk is that of the ended worker: the call fails,
 *    and the main thread finishes it. A worker that ends otherwise is only replaced. If a call does not finish and no
 *    worker is known to have ended (a browser does not tell), the pool restarts after a long wait.
 * 10. Stop. `terminate` finishes all calls, sets STOP, increments POSTED so that waiting workers return,
 *     notifies POSTED and terminates the workers. In Node workers are unref'd and never keep the process
 *     alive.
 * 11. Without the protocol: with one started thread, or for a serial call while no call is unfinished,
 *     `dispatch` runs the kernel directly as chunk 0 of 1 on the main thread, with the arguments in the area
 *     of slot 0, which is free. A serial call behind others is posted with one chunk.
 */
import {
  ARGUMENTS,
  BACKOFF_MS,
  CHUNKS,
  CHUNKS_DONE,
  CLAIMING,
  DONE,
  FAILED,
  FAILURE,
  FIRST_SLOT,
  FIRST_WORKER,
  KERNEL,
  MESSAGE,
  MESSAGE_LENGTH,
  POSTED,
  SLEEPING,
  SLOT_WORDS,
  SLOTS,
  SPIN_LIMIT,
  STARTED,
  STOP,
  TICKET,
  WORKER_WORDS,
} from './control-layout.js';

/** The data that a worker starts with. */
export interface WorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: Int32Array;
  /** The names of the kernels: KERNEL is an index into this list. */
  readonly kernelNames: readonly string[];
  /** 1, 2, ... */
  readonly worker: number;
}

/*
 * SPIN_LIMIT polls of a worker take about 0.2 ms. TensorFlow.js takes up to 0.1 ms between two calls of a
 * training step, and each wake-up costs a quarter of that.
 */
export const WORKER_CODE = `
const run = ({ module, memory, control, kernelNames, worker }) => {
  const abort = () => { throw new Error('kernel aborted'); };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  const kernels = kernelNames.map((name) => exports[name]);
  const state = ${FIRST_WORKER} + ${WORKER_WORDS} * (worker - 1);
  /** As storeFailure of kernel-failure.ts. */
  const storeFailure = (slot, message) => {
    const length = Math.min(message.length, ${MESSAGE_LENGTH});
    for (let i = 0; i < length; i += 4) {
      const codes = [0, 1, 2, 3].map((j) => message.charCodeAt(i + j) & 255 || 32);
      control[slot + ${MESSAGE} + i / 4] = codes[0] | (codes[1] << 8) | (codes[2] << 16) | (codes[3] << 24);
    }
    Atomics.store(control, slot + ${FAILURE}, length);
    Atomics.store(control, ${FAILED}, 1);
  };
  /** Claims and runs one chunk of a call; false if there was none to claim. */
  const runChunk = (call) => {
    const slot = ${FIRST_SLOT} + ${SLOT_WORDS} * (call & ${SLOTS - 1});
    for (;;) {
      const ticket = Atomics.load(control, slot + ${TICKET});
      const remaining = ticket & 255;
      if (ticket >>> 8 !== (call & 0xffffff) || remaining === 0) return false;
      Atomics.store(control, state + ${CLAIMING}, 1);
      if (Atomics.compareExchange(control, slot + ${TICKET}, ticket, ticket - 1) !== ticket) {
        Atomics.store(control, state + ${CLAIMING}, 0);
        continue;
      }
      const chunks = control[slot + ${CHUNKS}];
      const kernel = kernels[control[slot + ${KERNEL}]];
      try {
        kernel(control[slot + ${ARGUMENTS}], chunks - remaining, chunks, worker);
      } catch (error) {
        storeFailure(slot, error.message || 'an error');
      }
      const chunksDone = Atomics.add(control, slot + ${CHUNKS_DONE}, 1) + 1;
      if (chunksDone === chunks) Atomics.store(control, ${DONE}, call);
      Atomics.store(control, state + ${CLAIMING}, 0);
      return true;
    }
  };
  Atomics.store(control, state + ${STARTED}, 1);
  let spins = 0;
  while (Atomics.load(control, ${STOP}) === 0) {
    const done = Atomics.load(control, ${DONE});
    const posted = Atomics.load(control, ${POSTED});
    if (posted !== done && runChunk((done + 1) | 0)) spins = 0;
    else if (++spins >= ${SPIN_LIMIT}) {
      spins = 0;
      if (posted !== done) Atomics.wait(control, ${DONE}, done, ${BACKOFF_MS});
      else {
        Atomics.store(control, state + ${SLEEPING}, 1);
        Atomics.wait(control, ${POSTED}, posted);
        Atomics.store(control, state + ${SLEEPING}, 0);
      }
    }
  }
};
if (typeof require === 'function') run(require('node:worker_threads').workerData);
else onmessage = ({ data }) => { run(data); close(); };
`;
