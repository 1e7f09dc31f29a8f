import { InputError } from '@convlens/core';
import type { Chunks } from './file-source.js';

export const grouped = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** Reads a stream of bytes strictly: what is asked for is there, or an InputError says at which byte the file ended. */
export class ByteReader {
  /** How many bytes were read so far. */
  position = 0;
  private readonly iterator: AsyncIterator<Uint8Array>;
  private left: Uint8Array = new Uint8Array(0);

  /** `where` names the file in messages. */
  constructor(
    chunks: Chunks,
    readonly where: string,
  ) {
    this.iterator = chunks[Symbol.asyncIterator]();
  }

  /** The next `count` bytes; good until the next read. `what` names them in messages. */
  async read(count: number, what = 'data'): Promise<Uint8Array> {
    if (this.left.length === 0) await this.more();
    if (this.left.length >= count) {
      const bytes = this.left.subarray(0, count);
      this.left = this.left.subarray(count);
      this.position += count;
      return bytes;
    }
    const bytes = new Uint8Array(count);
    await this.readInto(bytes, what);
    return bytes;
  }

  /** Fills `target` with the next bytes. */
  async readInto(target: Uint8Array, what = 'data'): Promise<void> {
    let filled = 0;
    while (filled < target.length) {
      if (this.left.length === 0 && !(await this.more()))
        throw this.wrong(
          `${grouped(target.length)} bytes of ${what}`,
          `the end after ${grouped(filled)}`,
          this.position,
        );
      const part = this.left.subarray(0, target.length - filled);
      target.set(part, filled);
      this.left = this.left.subarray(part.length);
      filled += part.length;
    }
    this.position += target.length;
  }

  /** Everything up to the end, at most `maxBytes`. */
  async readAll(maxBytes: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let length = 0;
    while (this.left.length > 0 || (await this.more())) {
      length += this.left.length;
      if (length > maxBytes) throw this.wrong(`at most ${grouped(maxBytes)} bytes`, 'more');
      parts.push(this.left.slice());
      this.left = new Uint8Array(0);
    }
    const all = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    this.position += length;
    return all;
  }

  async isAtEnd(): Promise<boolean> {
    return this.left.length === 0 && !(await this.more());
  }

  async expectEnd(): Promise<void> {
    if (!(await this.isAtEnd())) throw this.wrong('the end', 'more bytes');
  }

  /** What was not read yet, piece by piece. Ending it early leaves this reader open. */
  async *rest(): Chunks {
    while (!(await this.isAtEnd())) {
      const bytes = this.left;
      this.left = new Uint8Array(0);
      this.position += bytes.length;
      yield bytes;
    }
  }

  /** Reads what is left and drops it: a checksum needs every byte. */
  async drain(): Promise<void> {
    while (await this.more());
  }

  /** The next `count` bytes as a stream of their own, which must be read to its end before anything else is. */
  async *part(count: number, what = 'data'): Chunks {
    for (let left = count; left > 0;) {
      if (this.left.length === 0 && !(await this.more()))
        throw this.wrong(`${grouped(left)} more bytes of ${what}`, 'the end');
      const bytes = this.left.subarray(0, left);
      this.left = this.left.subarray(bytes.length);
      this.position += bytes.length;
      left -= bytes.length;
      yield bytes;
    }
  }

  /** An InputError that says what was expected where, and what was found. */
  wrong(expected: string, found: string, at = this.position): InputError {
    return new InputError(`${this.where}: expected ${expected} at byte ${grouped(at)}, found ${found}`);
  }

  /** Stops reading; whoever made the stream can close what it opened. */
  async close(): Promise<void> {
    await this.iterator.return?.();
  }

  private async more(): Promise<boolean> {
    for (;;) {
      const { done, value } = await this.iterator.next();
      this.left = done ? new Uint8Array(0) : value;
      if (done || value.length > 0) return !done;
    }
  }
}
