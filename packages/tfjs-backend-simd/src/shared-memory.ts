/*
 * The allocator of the shared WebAssembly memory: segregated free lists, with four size classes per power of
 * two. A training step allocates the same sizes as the one before, so the lists serve nearly all requests.
 * When the memory is full, free blocks are coalesced into ranges, from which blocks are split.
 */

import { areGuardsSet } from './guards.js';
import { GuardedBlocks, guardedBytes, GUARD_BYTES } from './guarded-blocks.js';
import { reserveMemory } from './reserve-memory.js';

const PAGE = 65536;
/** The constants of the WebAssembly module lie below. */
const HEAP_START = PAGE;
const ALIGNMENT = 64;

/** The shared memory is full. The kernel of the cpu backend then computes on the JavaScript heap. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
}

/**
 * The size of the smallest class that holds `bytes`: a multiple of 64, with four classes per power of two.
 */
export function sizeClass(bytes: number): number {
  const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
  const step = Math.max(ALIGNMENT, 2 ** Math.floor(Math.log2(size)) / 4);
  return Math.ceil(size / step) * step;
}

interface FreeRange {
  address: number;
  bytes: number;
}

export class SharedMemory {
  private readonly reserved = reserveMemory();
  readonly memory = this.reserved.memory;
  private readonly freeLists = new Map<number, number[]>();
  /** Coalesced free ranges, by address; empty until the memory has been full once. */
  private freeRanges: FreeRange[] = [];
  private end = HEAP_START;
  private used = 0;
  private readonly guardedBlocks = new GuardedBlocks(this.memory);

  /** `finish` is called before a view is created: it waits for kernels that may still write. */
  constructor(private readonly finish: () => void = () => {}) {}

  /** Allocated bytes. */
  get bytesUsed(): number {
    return this.used;
  }

  /** Size of the memory in bytes, allocated or free. */
  get bytesTotal(): number {
    return this.memory.buffer.byteLength;
  }

  /**
   * Allocates an uninitialized block, aligned to 64 bytes; returns its address.
   *
   * @throws OutOfMemory
   */
  allocate(bytes: number): number {
    if (!areGuardsSet()) return this.allocateBlock(bytes);
    this.finish();
    const block = this.allocateBlock(guardedBytes(bytes));
    this.guardedBlocks.add(block, bytes);
    return block + GUARD_BYTES;
  }

  /**
   * Frees a block; `bytes` is the size that it was allocated with.
   *
   * @throws Error if the block has guards and they were overwritten
   */
  release(address: number, bytes: number): void {
    if (!this.guardedBlocks.has(address)) return this.releaseBlock(address, bytes);
    this.finish();
    this.guardedBlocks.remove(address);
    this.releaseBlock(address - GUARD_BYTES, guardedBytes(bytes));
  }

  /**
   * Checks the guards of all blocks that were allocated with guards.
   *
   * @throws Error if one was overwritten; `kernel` is the suspect
   */
  checkGuards(kernel: string): void {
    this.guardedBlocks.check(kernel);
  }

  private allocateBlock(bytes: number): number {
    const size = sizeClass(bytes);
    let address = this.freeLists.get(size)?.pop() ?? this.takeSplit(size) ?? this.grow(size);
    if (address === undefined) {
      this.coalesce();
      address = this.takeSplit(size) ?? this.grow(size);
    }
    if (address === undefined)
      throw new OutOfMemory(
        `Backend 'simd' has no room for ${size} bytes: tensors use ${this.used} of ${this.bytesTotal} bytes`,
      );
    this.used += size;
    return address;
  }

  private releaseBlock(address: number, bytes: number): void {
    const size = sizeClass(bytes);
    const list = this.freeLists.get(size);
    if (list) list.push(address);
    else this.freeLists.set(size, [address]);
    this.used -= size;
  }

  /** A view of float32 values, after all dispatched kernels have run. */
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.finishedBuffer(), address, length);
  }

  /** A view of int32 values, after all dispatched kernels have run. */
  integers(address: number, length: number): Int32Array {
    return new Int32Array(this.finishedBuffer(), address, length);
  }

  /** A view of bytes, after all dispatched kernels have run. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.finishedBuffer(), address, length);
  }

  /** The memory after all dispatched kernels have run. */
  private finishedBuffer(): ArrayBuffer {
    this.finish();
    return this.memory.buffer;
  }

  /** Splits a block off the first free range that is large enough (first fit). */
  private takeSplit(size: number): number | undefined {
    const range = this.freeRanges.find(({ bytes }) => bytes >= size);
    if (!range) return undefined;
    range.bytes -= size;
    return range.address + range.bytes;
  }

  /** Coalesces the free blocks of all classes into ranges; a range at the end lowers `end`. */
  private coalesce(): void {
    const blocks = this.takeFreeBlocks();
    this.freeRanges = [];
    for (const block of blocks) {
      const last = this.freeRanges.at(-1);
      if (last && last.address + last.bytes === block.address) last.bytes += block.bytes;
      else this.freeRanges.push(block);
    }
    const last = this.freeRanges.at(-1);
    if (last && last.address + last.bytes === this.end) {
      this.end = last.address;
      this.freeRanges.pop();
    }
  }

  /** Empties the free lists; returns their blocks and the free ranges, by address. */
  private takeFreeBlocks(): FreeRange[] {
    const blocks = [...this.freeLists].flatMap(([bytes, addresses]) =>
      addresses.map((address) => ({ address, bytes })),
    );
    this.freeLists.clear();
    blocks.push(...this.freeRanges.filter(({ bytes }) => bytes > 0));
    return blocks.sort((a, b) => a.address - b.address);
  }

  /** Allocates past the last block, growing the memory if needed; undefined at the limit. */
  private grow(size: number): number | undefined {
    const end = this.end + size;
    // Kernels may read a few bytes past the last block.
    if (!this.ensureBytes(end + ALIGNMENT)) return undefined;
    this.end = end;
    return end - size;
  }

  /** Grows the WebAssembly memory to at least `bytes`; false if that is not possible. */
  private ensureBytes(bytes: number): boolean {
    const missingPages = Math.ceil((bytes - this.bytesTotal) / PAGE);
    if (missingPages <= 0) return true;
    const pages = this.bytesTotal / PAGE;
    const availablePages = this.reserved.maxPages - pages;
    if (missingPages > availablePages) return false;
    // Grow by an eighth at least: growing is slow, and untouched pages cost no memory.
    const wantedPages = Math.max(missingPages, Math.ceil(pages / 8));
    try {
      this.memory.grow(Math.min(wantedPages, availablePages));
      return true;
    } catch {
      // The operating system refused.
      return false;
    }
  }
}
