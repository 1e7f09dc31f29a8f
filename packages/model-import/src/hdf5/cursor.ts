import { InputError } from '@convlens/core';

/** What an address reads where nothing was written yet: all bits set. */
const NOWHERE = 2 ** 64;

/**
 * Reads little-endian numbers from bytes that nobody vouches for. A read past the end is an InputError that says where.
 * Whoever follows an address or copies bytes calls `visit` first: all that may take is in proportion to the file's length,
 * so that a file whose parts point at each other ends in an error and not in a loop.
 */
export class Cursor {
  private readonly view: DataView;
  private visits: number;
  /** How many bytes may still unfold from compressed arrays. */
  private room: number;

  constructor(
    readonly bytes: Uint8Array,
    readonly file: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.visits = 10_000 + 4 * bytes.length;
    this.room = Math.max(64 << 20, 16 * bytes.length);
  }

  fail(what: string, at: number): never {
    throw new InputError(`Expected ${this.file} to be a whole HDF5 file, found ${what} at byte ${at}`);
  }

  /** Accounts for work of `cost` steps or bytes. */
  visit(at: number, cost = 1): void {
    this.visits -= cost;
    if (this.visits < 0) this.fail('parts that refer to each other without end', at);
  }

  /** Accounts for an array that takes more memory than the bytes of the file that it is made of. */
  unfold(at: number, length: number): void {
    this.room -= length;
    if (!(this.room >= 0)) this.fail('compressed arrays that unfold to far more than the file', at);
  }

  slice(at: number, length: number): Uint8Array {
    if (!(at >= 0 && length >= 0 && at + length <= this.bytes.length))
      this.fail(`${length} bytes that reach past its end (${this.bytes.length})`, at);
    return this.bytes.subarray(at, at + length);
  }

  u8(at: number): number {
    return this.slice(at, 1)[0];
  }

  u16(at: number): number {
    this.slice(at, 2);
    return this.view.getUint16(at, true);
  }

  u32(at: number): number {
    this.slice(at, 4);
    return this.view.getUint32(at, true);
  }

  /** An unsigned number of 8 bytes; beyond 2^53 it is rounded, which is past the end of any file. */
  u64(at: number): number {
    return this.u32(at) + 2 ** 32 * this.u32(at + 4);
  }

  /** An address, or undefined where nothing was written. */
  address(at: number): number | undefined {
    const address = this.u64(at);
    return address >= NOWHERE - 2 ** 11 ? undefined : address;
  }

  expectSignature(signature: string, at: number): void {
    if (latin1(this.slice(at, signature.length)) !== signature) this.fail(`no "${signature}"`, at);
  }

  /** The text that ends at a zero byte, at the latest at `end`. */
  text(at: number, end: number): string {
    const whole = this.slice(at, Math.max(0, end - at));
    const zero = whole.indexOf(0);
    this.visit(at, zero < 0 ? whole.length : zero);
    return utf8(zero < 0 ? whole : whole.subarray(0, zero));
  }
}

const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);
export const utf8 = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
