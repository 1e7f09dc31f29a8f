/*
 * Tensors live in one shared WebAssembly memory. Blocks are handed out in classes of size (four to each power of two) and
 * go back to a list of their class: a training step asks for the same sizes as the one before.
 */

const PAGE = 65536;
/** 2 GiB, so that no address is negative as a 32-bit integer. */
const MAX_PAGES = 32768;
/** Below lie the module's own constants. */
const START = PAGE;
const ALIGNMENT = 64;

/** There is no room left in the memory; kernels fall back to the JavaScript heap. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
}

/** The size of a class that holds `bytes`: a multiple of 64, with four classes to each power of two. */
export function classSize(bytes: number): number {
  const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
  const step = Math.max(ALIGNMENT, 2 ** Math.floor(Math.log2(size)) / 4);
  return Math.ceil(size / step) * step;
}

export class SharedMemory {
  readonly memory = new WebAssembly.Memory({ initial: 256, maximum: MAX_PAGES, shared: true });
  private readonly free = new Map<number, number[]>();
  /** Stretches of blocks that were given back and joined, once the memory was full. */
  private spare: { address: number; bytes: number }[] = [];
  private end = START;
  private used = 0;

  /** `finish` waits for whoever may be writing to the memory: called before it is looked into. */
  constructor(private readonly finish: () => void = () => {}) {}

  /** Bytes that are handed out. */
  get bytesUsed(): number {
    return this.used;
  }

  /** Bytes of the memory, handed out or not. */
  get bytesHeld(): number {
    return this.memory.buffer.byteLength;
  }

  /** The address of a new block; throws OutOfMemory. */
  allocate(bytes: number): number {
    const size = classSize(bytes);
    let address = this.free.get(size)?.pop() ?? this.cut(size) ?? this.extend(size);
    if (address === undefined) {
      this.join();
      address = this.cut(size) ?? this.extend(size);
    }
    if (address === undefined)
      throw new OutOfMemory(
        `Backend 'simd' has no room for ${size} bytes: ${this.used} of ${this.bytesHeld} are in use by tensors`,
      );
    this.used += size;
    return address;
  }

  /** Gives a block back that was allocated for so many bytes. */
  release(address: number, bytes: number): void {
    const size = classSize(bytes);
    const list = this.free.get(size);
    if (list) list.push(address);
    else this.free.set(size, [address]);
    this.used -= size;
  }

  floats(address: number, length: number): Float32Array {
    this.finish();
    return new Float32Array(this.memory.buffer, address, length);
  }

  integers(address: number, length: number): Int32Array {
    this.finish();
    return new Int32Array(this.memory.buffer, address, length);
  }

  bytes(address: number, length: number): Uint8Array {
    this.finish();
    return new Uint8Array(this.memory.buffer, address, length);
  }

  /** A block from the first stretch that is long enough, if one is. */
  private cut(size: number): number | undefined {
    const stretch = this.spare.find(({ bytes }) => bytes >= size);
    if (!stretch) return undefined;
    stretch.bytes -= size;
    return stretch.address + stretch.bytes;
  }

  /** Makes stretches of all blocks that were given back, whatever their class. */
  private join(): void {
    const blocks = [...this.free].flatMap(([bytes, addresses]) =>
      addresses.map((address) => ({ address, bytes })),
    );
    blocks.push(...this.spare.filter(({ bytes }) => bytes > 0));
    blocks.sort((a, b) => a.address - b.address);
    this.free.clear();
    this.spare = [];
    for (const block of blocks) {
      const last = this.spare.at(-1);
      if (last && last.address + last.bytes === block.address) last.bytes += block.bytes;
      else this.spare.push(block);
    }
    const last = this.spare.at(-1);
    if (last && last.address + last.bytes === this.end) {
      this.end = last.address;
      this.spare.pop();
    }
  }

  /** A block past the last one, if there is room. */
  private extend(size: number): number | undefined {
    const end = this.end + size;
    // Kernels may read a few bytes past the last block.
    const missing = Math.ceil((end + ALIGNMENT - this.memory.buffer.byteLength) / PAGE);
    if (missing > 0) {
      // By an eighth at least: growing is slow, and the rest is not touched before it is used.
      const wanted = Math.max(missing, Math.ceil(this.memory.buffer.byteLength / PAGE / 8));
      const room = MAX_PAGES - this.memory.buffer.byteLength / PAGE;
      if (missing > room) return undefined;
      try {
        this.memory.grow(Math.min(wanted, room));
      } catch {
        // The system has no more.
        return undefined;
      }
    }
    this.end = end;
    return end - size;
  }
}
