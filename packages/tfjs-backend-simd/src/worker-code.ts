/*
 * What a worker runs, as text: it travels inside the package, and needs no file of its own in Node or in a browser.
 *
 * A call is cut into more shares than there are threads, and each thread takes the next one when it is done with its last:
 * a core that is busy with something else holds up no more than one share. The words of `control`, each group on a cache
 * line of its own:
 *
 *   [0]  the number of the call
 *   [16] its kernel (-1: end), [17] its arguments' address, [18] its number of shares
 *   [32] the ticket: the call's number in the upper 24 bits, how many shares nobody has taken yet in the lower 8
 *   [48] how many shares are done
 *   [64 + 16 i] of worker i + 1: whether it sleeps; [.. + 1] whether it has started
 *
 * A worker that comes late finds another call's number on the ticket, or no share left on it, and takes none. All that
 * decides this stands on the ticket alone, and the words of a call are read only once one of its shares is taken: until
 * that share is done the call cannot end, so that they cannot become the next call's.
 */
export const CALL = 0;
export const KERNEL = 16;
export const TICKET = 32;
export const DONE = 48;
export const OWN = 64;

/**
 * How often a worker looks for a new call before it sleeps: for about 0.2 ms. TensorFlow.js takes up to 0.1 ms between two
 * calls of a training step; to wake a worker costs a quarter of that each time.
 */
const SPINS = 20_000;

export const WORKER_CODE = `
const run = ({ module, memory, control, names, index }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort() { throw new Error('kernel aborted'); } } });
  const kernels = names.map((name) => exports[name]);
  const own = ${OWN} + 16 * (index - 1);
  let seen = 0;
  Atomics.store(control, own + 1, 1);
  for (;;) {
    let spins = 0;
    while (Atomics.load(control, ${CALL}) === seen) {
      if (++spins < ${SPINS}) continue;
      Atomics.store(control, own, 1);
      Atomics.wait(control, ${CALL}, seen);
      Atomics.store(control, own, 0);
      spins = 0;
    }
    seen = Atomics.load(control, ${CALL});
    if (Atomics.load(control, ${KERNEL}) < 0) return;
    for (;;) {
      const ticket = Atomics.load(control, ${TICKET});
      const left = ticket & 255;
      if (ticket >>> 8 !== (seen & 0xffffff) || left === 0) break;
      if (Atomics.compareExchange(control, ${TICKET}, ticket, ticket - 1) !== ticket) continue;
      const shares = control[${KERNEL + 2}];
      kernels[control[${KERNEL}]](control[${KERNEL + 1}], shares - left, shares, index);
      Atomics.add(control, ${DONE}, 1);
    }
  }
};
if (typeof require === 'function') run(require('node:worker_threads').workerData);
else onmessage = ({ data }) => { run(data); close(); };
`;
