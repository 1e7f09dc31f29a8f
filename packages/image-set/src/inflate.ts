import { InputError } from '@convlens/core';
import { noted, type Chunks } from './file-source.js';

export interface InflateOptions {
  /** 'gzip' is a file, 'deflate' the zlib format inside of other files. */
  readonly format: 'gzip' | 'deflate';
  /** Names the file in messages. */
  readonly where: string;
  /** More than so many bytes are refused. */
  readonly maxBytes: number;
}

/** Some platforms unpack what they are given at once, and 1,032 bytes can come of each. */
const PIECE_BYTES = 1 << 16;

/**
 * Undoes gzip or zlib, piece by piece, with the platform's own DecompressionStream, which checks the sums inside.
 *
 * @throws InputError if the bytes are no such stream, break off, go on after its end, or are more than `maxBytes`.
 */
export async function* inflate(chunks: Chunks, { format, where, maxBytes }: InflateOptions): Chunks {
  const { readable, writable } = new DecompressionStream(format);
  const writer = writable.getWriter();
  const reader = readable.getReader();
  let cause: unknown;
  const faults: unknown[] = [];
  const feeding = (async () => {
    try {
      for await (const chunk of noted(chunks, faults)) {
        for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
          await writer.ready;
          // The platform reads the bytes later, when this piece may be gone.
          await writer.write(chunk.slice(at, at + PIECE_BYTES));
        }
      }
      await writer.close();
    } catch (error) {
      cause ??= error;
      await writer.abort(error).catch(() => {});
    }
  })();
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > maxBytes)
        throw new InputError(`${where}: expected at most ${maxBytes} bytes when unpacked, found more`);
      yield value;
    }
    await feeding;
    if (cause) throw cause;
  } catch (error) {
    // What the source says is the reason, if it said something; a platform's words are only "TypeError: terminated".
    if (faults.length > 0) throw faults[0];
    if ((error as Error)?.name === 'InputError') throw error;
    const { message = '', code = '' } = ((error as Error)?.cause ?? error) as Error & { code?: string };
    const why = [message, code].filter(Boolean).join(', ') || 'it cannot be unpacked';
    throw new InputError(
      `${where}: expected ${format === 'gzip' ? 'gzip' : 'zlib'} data, found none: ${why}`,
    );
  } finally {
    cause ??= new Error('no more is wanted');
    await reader.cancel().catch(() => {});
    await writer.abort(cause).catch(() => {});
  }
}
