import { OutOfMemory, type SharedMemory } from '../../src/shared-memory.js';

/** The address of a block and its size in bytes. */
export type Block = [address: number, bytes: number];

/** Allocates blocks of each size until the memory is full. */
export function fillMemory(memory: SharedMemory, sizes: readonly number[]): Block[] {
  const blocks: Block[] = [];
  for (const size of sizes)
    for (;;)
      try {
        blocks.push([memory.allocate(size), size]);
      } catch (error) {
        if (!(error instanceof OutOfMemory)) throw error;
        break;
      }
  return blocks;
}

export const releaseAll = (memory: SharedMemory, blocks: readonly Block[]) =>
  blocks.forEach(([address, bytes]) => memory.release(address, bytes));
