/** In pages of 64 kB. */
const INITIAL_PAGES = 256;
/** 2 GiB, so that no address is negative as a 32-bit integer. */
const MAX_PAGES = 32768;
/** 64 MiB: with less, not even a small model trains. */
const MIN_PAGES = 1024;

/** No address space for the smallest shared memory. */
export class MemoryUnavailable extends Error {
  override readonly name = 'MemoryUnavailable';
}

export interface ReservedMemory {
  readonly memory: WebAssembly.Memory;
  /** The number of pages that it can grow to. */
  readonly maxPages: number;
}

/**
 * Reserves the shared memory: address space for 2 GiB, or for a half, a quarter, ... of it, down to 64 MiB, where the environment
 * has no more (iOS, containers, `ulimit -v`). Pages that are not touched take no memory.
 *
 * @param create makes a memory that can grow to a number of pages, or throws
 * @throws MemoryUnavailable that says what to do
 */
export function reserveMemory(
  create: (maxPages: number) => WebAssembly.Memory = (maximum) =>
    new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum, shared: true }),
): ReservedMemory {
  let refusal: unknown;
  for (let maxPages = MAX_PAGES; maxPages >= MIN_PAGES; maxPages /= 2)
    try {
      return { memory: create(maxPages), maxPages };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      refusal = error;
    }
  throw new MemoryUnavailable(
    `no address space for a WebAssembly memory (${(refusal as Error).message}), perhaps because of a limit (ulimit -v, a ` +
      'container). Node reserves 10 GB around each memory; with NODE_OPTIONS=--disable-wasm-trap-handler it does not',
  );
}
