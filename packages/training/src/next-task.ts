/**
 * Lets timers, signals and input run before going on. Awaiting promises alone does not: a loop of awaited batches would
 * never see Ctrl-C. setTimeout would cost a millisecond or more a batch.
 */
export const nextTask: () => Promise<void> =
  typeof setImmediate === 'function'
    ? () => new Promise((resolve) => setImmediate(resolve))
    : () =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            port1.close();
            resolve();
          };
          port2.postMessage(null);
        });
