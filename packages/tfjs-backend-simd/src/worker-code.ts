/*
 * What a worker runs, as text: it travels inside the package, and needs no file of its own in Node or in a browser.
 *
 * Calls are posted in a row and done in their order: the main thread need not wait for one before it posts the next. Each
 * is cut into more shares than there are threads, and a thread takes the next one when it is done with its last: a core
 * that is busy with something else holds up no more than one share. Calls are numbered from 1, as 32-bit integers; call n
 * stands in slot n % SLOTS. The words of `control`, each group on a cache line of its own:
 *
 *   [0]  the number of the last call that is posted
 *   [16] that of the last one of which all shares are done
 *   [32] whether the workers are to end; [33] whether a kernel failed in one of them
 *   [64 + 32 s] slot s: the ticket, which has the call's number in the upper 24 bits, and in the lower 8 how many shares
 *        nobody has taken yet; its kernel, its arguments' address, its number of shares
 *   [64 + 32 s + 16] how many shares are done
 *   [64 + 32 SLOTS + 16 i] of worker i + 1: whether it sleeps; [.. + 1] whether it has started
 *
 * A share of call n is taken only once all calls before it are done. A thread that comes late finds another call's number
 * on the ticket, or no share left on it, and takes none. All that decides this stands on the ticket alone, and the words
 * of a call are read only once one of its shares is taken: until that share is done the call is not, so that its slot
 * cannot become another's.
 */
export const POSTED = 0;
export const DONE = 16;
export const END = 32;
export const FAILED = 33;
export const SLOTS = 16;
const SLOT = 64;
const SLOT_WORDS = 32;
export const OWN = SLOT + SLOTS * SLOT_WORDS;

/** Within a slot. */
export const TICKET = 0;
export const KERNEL = 1;
export const ARGUMENTS = 2;
export const SHARES = 3;
export const SHARES_DONE = 16;

/** Where the words of a call begin. */
export const slotOf = (call: number): number => SLOT + SLOT_WORDS * (call & (SLOTS - 1));

/** What stands on the ticket of a call with so many shares left. */
export const ticketOf = (call: number, left: number): number => ((call & 0xffffff) << 8) | left;

/**
 * How often a worker looks for a new call before it sleeps: for about 0.2 ms. TensorFlow.js takes up to 0.1 ms between two
 * calls of a training step; to wake a worker costs a quarter of that each time.
 */
const SPINS = 20_000;

/** Milliseconds that a thread sleeps which has looked in vain for the others to be done: the machine is busy elsewhere. */
export const NAP = 0.05;

export const WORKER_CODE = `
const run = ({ module, memory, control, names, index }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort() { throw new Error('kernel aborted'); } } });
  const kernels = names.map((name) => exports[name]);
  const own = ${OWN} + 16 * (index - 1);
  const takeShare = (call) => {
    const slot = ${SLOT} + ${SLOT_WORDS} * (call & ${SLOTS - 1});
    for (;;) {
      const ticket = Atomics.load(control, slot);
      const left = ticket & 255;
      if (ticket >>> 8 !== (call & 0xffffff) || left === 0) return false;
      if (Atomics.compareExchange(control, slot, ticket, ticket - 1) !== ticket) continue;
      const shares = control[slot + ${SHARES}];
      try {
        kernels[control[slot + ${KERNEL}]](control[slot + ${ARGUMENTS}], shares - left, shares, index);
      } catch {
        Atomics.store(control, ${FAILED}, 1);
        return false;
      }
      if (Atomics.add(control, slot + ${SHARES_DONE}, 1) === shares - 1) Atomics.store(control, ${DONE}, call);
      return true;
    }
  };
  Atomics.store(control, own + 1, 1);
  let spins = 0;
  while (Atomics.load(control, ${END}) === 0) {
    const done = Atomics.load(control, ${DONE});
    const posted = Atomics.load(control, ${POSTED});
    if (posted !== done && takeShare((done + 1) | 0)) spins = 0;
    else if (++spins >= ${SPINS}) {
      spins = 0;
      if (posted !== done) Atomics.wait(control, ${DONE}, done, ${NAP});
      else {
        Atomics.store(control, own, 1);
        Atomics.wait(control, ${POSTED}, posted);
        Atomics.store(control, own, 0);
      }
    }
  }
};
if (typeof require === 'function') run(require('node:worker_threads').workerData);
else onmessage = ({ data }) => { run(data); close(); };
`;
