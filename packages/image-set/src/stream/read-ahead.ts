export interface ReadAheadOptions<Value> {
  /** The most values that are read or wait at once, >= 1. */
  readonly window: number;
  /** Reads the value at a position. `isOver` says whether nobody waits for it any more. */
  readonly read: (position: number, isOver: () => boolean) => Promise<Value>;
}

/** The values at the positions 0 to `count` - 1, in this order; those behind are read meanwhile. Once it ends, nothing is read any more. */
export async function* readAhead<Value>(
  count: number,
  { window, read }: ReadAheadOptions<Value>,
): AsyncGenerator<Value> {
  const waiting: Promise<Value>[] = [];
  let next = 0;
  let isOver = false;
  try {
    for (let i = 0; i < count; i++) {
      while (next < count && waiting.length < window) {
        const value = read(next++, () => isOver);
        // An error is thrown where it is waited for, in the order of the values.
        value.catch(() => {});
        waiting.push(value);
      }
      yield await waiting.shift()!;
    }
  } finally {
    isOver = true;
    await Promise.allSettled(waiting);
  }
}
