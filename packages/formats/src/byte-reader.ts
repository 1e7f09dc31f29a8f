import { expectIterable, expectString, formatCount, InputError } from '@convlens/core';
import type { Chunks } from './chunks.js';
import { concatBytes } from './concat-bytes.js';

/**
 * Reads a stream of bytes strictly: a read returns all bytes it asks for, or throws an InputError with the position at which
 * the file ended. The parameter `what` of the methods names the bytes in messages.
 */
export class ByteReader {
  /** The number of bytes that were read. */
  position = 0;
  private readonly iterator: AsyncIterator<Uint8Array>;
  private buffered: Uint8Array = new Uint8Array(0);

  /** @param name the name of the file in messages */
  constructor(
    chunks: Chunks,
    readonly name: string,
  ) {
    expectIterable('chunks', chunks);
    expectString('name', name);
    this.iterator = chunks[Symbol.asyncIterator]();
  }

  /** The next `count` bytes, valid until the next read. */
  async read(count: number, what = 'data'): Promise<Uint8Array> {
    if (this.buffered.length === 0) await this.fill();
    if (this.buffered.length >= count) return this.take(count);
    const bytes = new Uint8Array(count);
    await this.readInto(bytes, what);
    return bytes;
  }

  /** The next bytes, as many as are at hand, at least one and at most `maxBytes`; undefined at the end of the file. */
  async readSome(maxBytes: number): Promise<Uint8Array | undefined> {
    return (await this.isAtEnd()) ? undefined : this.take(maxBytes);
  }

  /** Fills `target` with the next bytes. */
  async readInto(target: Uint8Array, what = 'data'): Promise<void> {
    const start = this.position;
    let filled = 0;
    while (filled < target.length) {
      if (this.buffered.length === 0 && !(await this.fill()))
        throw this.error(
          `${formatCount(target.length)} bytes of ${what}`,
          `the end after ${formatCount(filled)}`,
          start,
        );
      const part = this.take(target.length - filled);
      target.set(part, filled);
      filled += part.length;
    }
  }

  /** All bytes up to the end of the file, at most `maxBytes`. */
  async readAll(maxBytes: number): Promise<Uint8Array> {
    const start = this.position;
    const parts: Uint8Array[] = [];
    for await (const chunk of this.remaining()) {
      if (this.position - start > maxBytes)
        throw this.error(`at most ${formatCount(maxBytes)} bytes`, 'more', start);
      parts.push(chunk.slice());
    }
    return concatBytes(parts);
  }

  async isAtEnd(): Promise<boolean> {
    return this.buffered.length === 0 && !(await this.fill());
  }

  async expectEnd(): Promise<void> {
    if (!(await this.isAtEnd())) throw this.error('the end', 'more bytes');
  }

  /** The bytes that were not read yet, chunk by chunk. The reader stays open if the loop over them ends early. */
  async *remaining(): Chunks {
    while (!(await this.isAtEnd())) yield this.take(this.buffered.length);
  }

  /** Reads the bytes up to the end and drops them: a checksum needs every byte. */
  async drain(): Promise<void> {
    while (await this.fill());
  }

  /** Reads the next `count` bytes and drops them. */
  async skip(count: number, what = 'data'): Promise<void> {
    for await (const chunk of this.stream(count, what)) void chunk;
  }

  /** The next `count` bytes chunk by chunk. They must be read to their end before anything else is read. */
  async *stream(count: number, what = 'data'): Chunks {
    for (let left = count; left > 0;) {
      if (this.buffered.length === 0 && !(await this.fill()))
        throw this.error(`${formatCount(left)} more bytes of ${what}`, 'the end');
      const bytes = this.take(left);
      left -= bytes.length;
      yield bytes;
    }
  }

  /** An InputError with the position, what was expected there, and what was found. */
  error(expected: string, found: string, position = this.position): InputError {
    return new InputError(
      `${this.name}: expected ${expected} at byte ${formatCount(position)}, found ${found}`,
    );
  }

  /** Ends reading, so that the source of the chunks can close what it opened. */
  async close(): Promise<void> {
    await this.iterator.return?.();
  }

  /** Takes at most `count` bytes from the buffer. */
  private take(count: number): Uint8Array {
    const bytes = this.buffered.subarray(0, count);
    this.buffered = this.buffered.subarray(bytes.length);
    this.position += bytes.length;
    return bytes;
  }

  /** Buffers the next chunk; false at the end of the file. */
  private async fill(): Promise<boolean> {
    for (;;) {
      const { done, value } = await this.iterator.next();
      this.buffered = done ? new Uint8Array(0) : value;
      if (done || value.length > 0) return !done;
    }
  }
}
