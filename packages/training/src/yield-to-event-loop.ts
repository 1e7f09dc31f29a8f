/**
 * Lets timers, signals and input events run. Awaiting promises does not: during a loop of awaited batches
 * Ctrl-C would have no effect. setTimeout would cost a millisecond or more per batch.
 */
export const yieldToEventLoop: () => Promise<void> =
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
