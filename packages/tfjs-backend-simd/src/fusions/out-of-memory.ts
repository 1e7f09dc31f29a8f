import { OutOfMemory } from '../backend.js';

/** The result of `work`; undefined if it throws OutOfMemory. */
export function unlessOutOfMemory<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof OutOfMemory) return undefined;
    throw error;
  }
}
