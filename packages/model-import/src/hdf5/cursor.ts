import { InputError } from '@convlens/core';

/** An address field with all bits set means that nothing was written. */
const UNDEFINED_ADDRESS = 2 ** 64;

/** 64-bit values near 2^64 are rounded to multiples of this. */
const ROUNDING = 2 ** 11;

const BASE_WORK = 10_000;
const WORK_PER_BYTE = 4;
const MIN_MEMORY_BYTES = 64 << 20;
const MEMORY_PER_BYTE = 16;

/**
 * Reads little-endian numbers from untrusted bytes. All offsets are in bytes. Each error is an InputError
 * that names the file and the offset.
 *
 * Code that follows an address or copies bytes must call `spendWork` first. The work and the memory are
 * limited in proportion to the length of the file, so a file with cyclic references ends in an error instead
 * of a loop.
 */
export class Cursor {
  private readonly view: DataView;
  /** Steps and copied bytes. */
  private workLeft: number;
  /** Bytes of unpacked arrays. */
  private memoryLeft: number;

  constructor(
    readonly bytes: Uint8Array,
    readonly file: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.workLeft = BASE_WORK + WORK_PER_BYTE * bytes.length;
    this.memoryLeft = Math.max(MIN_MEMORY_BYTES, MEMORY_PER_BYTE * bytes.length);
  }

  fail(what: string, offset: number): never {
    throw new InputError(`Expected ${this.file} to be a valid HDF5 file, found ${what} at byte ${offset}`);
  }

  /** Accounts for `cost` steps, or the copy of `cost` bytes. */
  spendWork(offset: number, cost = 1): void {
    this.workLeft -= cost;
    if (this.workLeft < 0) this.fail('a reference cycle', offset);
  }

  /**
   * Accounts for an array of `length` bytes, which may be larger than the part of the file that it is read
   * from.
   */
  spendMemory(offset: number, length: number): void {
    this.memoryLeft -= length;
    if (!(this.memoryLeft >= 0)) this.fail('compressed arrays that are far larger than the file', offset);
  }

  /** A view of `length` bytes. */
  slice(offset: number, length: number): Uint8Array {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.bytes.length))
      this.fail(`${length} bytes that reach past its end (${this.bytes.length})`, offset);
    return this.bytes.subarray(offset, offset + length);
  }

  u8(offset: number): number {
    return this.slice(offset, 1)[0];
  }

  u16(offset: number): number {
    return this.viewOf(offset, 2).getUint16(offset, true);
  }

  u32(offset: number): number {
    return this.viewOf(offset, 4).getUint32(offset, true);
  }

  /** The view of the file, which has `length` bytes from `offset` on. */
  private viewOf(offset: number, length: number): DataView {
    this.slice(offset, length);
    return this.view;
  }

  /** Values beyond 2^53 lose precision, but are past the end of any file. */
  u64(offset: number): number {
    return this.u32(offset) + 2 ** 32 * this.u32(offset + 4);
  }

  /** An address; undefined if nothing was written there. */
  address(offset: number): number | undefined {
    const address = this.u64(offset);
    return address >= UNDEFINED_ADDRESS - ROUNDING ? undefined : address;
  }

  expectSignature(signature: string, offset: number): void {
    if (latin1(this.slice(offset, signature.length)) !== signature) this.fail(`no "${signature}"`, offset);
  }

  /** The text from `offset` to the first zero byte, at most to `end`. */
  text(offset: number, end: number): string {
    const bytes = this.slice(offset, Math.max(0, end - offset));
    const zero = bytes.indexOf(0);
    const length = zero < 0 ? bytes.length : zero;
    this.spendWork(offset, length);
    return utf8(bytes.subarray(0, length));
  }
}

const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);
export const utf8 = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
