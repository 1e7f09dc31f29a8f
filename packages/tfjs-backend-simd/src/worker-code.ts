/*
 * What a worker runs, as text: it travels inside the package, and needs no file of its own in Node or in a browser.
 * control: [0] the number of the call, [16] its kernel (-1: end), [17] its arguments' address, [18] how many threads take
 * part, and from 32 on, 16 words apart (a cache line), for each worker the last call it finished and whether it sleeps.
 */
export const SPINS = 4000;

export const WORKER_CODE = `
const run = ({ module, memory, control, names, index }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort() { throw new Error('kernel aborted'); } } });
  const kernels = names.map((name) => exports[name]);
  const own = 32 + 16 * (index - 1);
  let seen = 0;
  Atomics.store(control, own + 2, 1);
  for (;;) {
    let spins = 0;
    while (Atomics.load(control, 0) === seen) {
      if (++spins < ${SPINS}) continue;
      Atomics.store(control, own + 1, 1);
      Atomics.wait(control, 0, seen);
      Atomics.store(control, own + 1, 0);
      spins = 0;
    }
    seen = Atomics.load(control, 0);
    const kernel = control[16];
    if (kernel < 0) return;
    if (index < control[18]) kernels[kernel](control[17], index, control[18]);
    Atomics.store(control, own, seen);
  }
};
if (typeof require === 'function') run(require('node:worker_threads').workerData);
else onmessage = ({ data }) => { run(data); close(); };
`;
