import { InputError } from '@convlens/core';
import type { Chunks } from './file-source.js';

export interface InflateOptions {
  /** 'gzip' is a file, 'deflate' the zlib format inside of other files. */
  readonly format: 'gzip' | 'deflate';
  /** Names the file in messages. */
  readonly where: string;
  /** More than so many bytes are refused. */
  readonly maxBytes: number;
}

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
  const feeding = (async () => {
    try {
      for await (const chunk of chunks) {
        await writer.ready;
        // The platform reads the bytes later, when this piece may be gone.
        await writer.write(chunk.slice());
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
    const named = [error, cause].find((one) => ['InputError', 'AbortError'].includes((one as Error)?.name));
    if (named) throw named;
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
