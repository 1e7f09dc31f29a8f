/** The bytes of poison before a block, and at least after it. Blocks stay aligned to 64 bytes. */
export const GUARD_BYTES = 64;

/** A NaN that no kernel computes: a read outside a tensor gives NaN, and a write is seen. */
const POISON = 0x7fc0dead;

/** The size of a block: kernels write whole vectors, which may end after the last value. */
const blockBytes = (bytes: number): number => Math.max(1, Math.ceil(bytes / 64)) * 64;

/** The size of an allocation with guards: the block between two guards. */
export const guardedBytes = (bytes: number): number => blockBytes(bytes) + 2 * GUARD_BYTES;

/** The blocks of a memory that lie between words of poison. */
export class GuardedBlocks {
  /** From the address of a block to its bytes. */
  private readonly bytesOf = new Map<number, number>();

  private view = new Int32Array(0);

  constructor(private readonly memory: WebAssembly.Memory) {}

  has(address: number): boolean {
    return this.bytesOf.has(address);
  }

  /** Poisons an allocation of `guardedBytes(bytes)`: the guards, and the block as yet unwritten. */
  add(allocation: number, bytes: number): void {
    this.words(allocation, guardedBytes(bytes)).fill(POISON);
    this.bytesOf.set(allocation + GUARD_BYTES, bytes);
  }

  /** Checks a block and poisons it, for readers of freed memory. */
  remove(address: number): void {
    const bytes = this.bytesOf.get(address)!;
    this.bytesOf.delete(address);
    this.checkBlock(address, bytes, 'a kernel');
    this.words(address - GUARD_BYTES, guardedBytes(bytes)).fill(POISON);
  }

  /** @throws Error if a guard was overwritten */
  check(kernel: string): void {
    for (const [address, bytes] of this.bytesOf) this.checkBlock(address, bytes, `kernel '${kernel}'`);
  }

  private checkBlock(address: number, bytes: number, writer: string): void {
    const end = address + blockBytes(bytes);
    const changedBefore = this.restoreGuard(address - GUARD_BYTES);
    const changedAfter = this.restoreGuard(end);
    if (changedBefore + changedAfter === 0) return;
    throw new Error(
      `Backend 'simd': ${writer} has written outside a block of ${bytes} bytes: ${changedBefore} bytes before ` +
        `it, ${changedAfter} bytes after it`,
    );
  }

  /** The number of changed bytes of a guard. Poisons it again: the next check is for the next call. */
  private restoreGuard(address: number): number {
    const words = this.allWords();
    const first = address / 4;
    let changed = 0;
    for (let i = first; i < first + GUARD_BYTES / 4; i++)
      if (words[i] !== POISON) {
        words[i] = POISON;
        changed += 4;
      }
    return changed;
  }

  private words(address: number, bytes: number): Int32Array {
    return this.allWords().subarray(address / 4, (address + bytes) / 4);
  }

  /** A view of the whole memory, created again after the memory has grown. */
  private allWords(): Int32Array {
    const { buffer } = this.memory;
    if (this.view.byteLength !== buffer.byteLength) this.view = new Int32Array(buffer);
    return this.view;
  }
}
