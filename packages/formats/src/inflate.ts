import {
  expectString,
  expectOneOf,
  expectObject,
  expectIterable,
  expectAnyNumber,
  expectOptions,
  InputError,
  isInputError,
  type OptionNames,
} from '@convlens/core';
import { recordErrors, type Chunks } from './chunks.js';

export interface InflateOptions {
  /** As DecompressionStream names them: 'gzip' is a gzip file, 'deflate' the zlib data inside other files. */
  readonly format: 'gzip' | 'deflate';
  /** The name of the file in messages. */
  readonly name: string;
  /** The most bytes that the data may unpack to. */
  readonly maxBytes: number;
}

const INFLATE_OPTIONS: OptionNames<InflateOptions> = { format: true, name: true, maxBytes: true };

const FORMATS = ['gzip', 'deflate'] as const;

/** Some platforms unpack each write at once; deflate packs at best 1,032 to 1, so a write makes at most 68 MB. */
const WRITE_BYTES = 1 << 16;

/**
 * Unpacks gzip or zlib data chunk by chunk with the platform's DecompressionStream, which verifies the checksums.
 *
 * @throws InputError if the data is of another format or damaged, ends early, or unpacks to more than `maxBytes`; also if
 * bytes follow it, which some platforms ignore after zlib data. An error of `chunks` is thrown as it is.
 */
export async function* inflate(chunks: Chunks, options: InflateOptions): Chunks {
  expectOptions('inflate', options, INFLATE_OPTIONS);
  expectObject('the options of inflate', options);
  expectIterable('chunks', chunks);
  expectOneOf('format', options.format, FORMATS);
  expectString('name', options.name);
  expectAnyNumber('maxBytes', options.maxBytes);
  const { format, name, maxBytes } = options;
  const { readable, writable } = new DecompressionStream(format);
  const reader = readable.getReader();
  const sourceErrors: unknown[] = [];
  const writer = writable.getWriter();
  const feeding = feed(writer, recordErrors(chunks, sourceErrors));
  // The reader below throws the error first; until `feeding` is awaited it would count as unhandled.
  feeding.catch(() => {});
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > maxBytes)
        throw new InputError(`${name}: expected at most ${maxBytes} bytes when unpacked, found more`);
      yield value;
    }
    await feeding;
  } catch (error) {
    // The platform's error only says that the stream ended; that of the source says why.
    if (sourceErrors.length > 0) throw sourceErrors[0];
    if (isInputError(error)) throw error;
    throw new InputError(
      `${name}: expected ${format === 'gzip' ? 'gzip' : 'zlib'} data, found none: ${reasonOf(error)}`,
    );
  } finally {
    await reader.cancel().catch(() => {});
    await writer.abort(new Error('The reader stopped')).catch(() => {});
  }
}

/** Writes chunks to a stream at the pace at which it is read. Rejects with the first error of the chunks or the stream. */
async function feed(
  writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>,
  chunks: Chunks,
): Promise<void> {
  try {
    for await (const chunk of chunks) {
      for (let start = 0; start < chunk.length; start += WRITE_BYTES) {
        await writer.ready;
        // A copy, since the platform reads the bytes later, when this chunk is no longer valid.
        await writer.write(chunk.slice(start, start + WRITE_BYTES));
      }
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => {});
    throw error;
  }
}

/** The message and code of an error, or of its cause. */
function reasonOf(error: unknown): string {
  const { message = '', code = '' } = ((error as Error)?.cause ?? error ?? {}) as Error & { code?: string };
  return [message, code].filter(Boolean).join(', ') || 'it cannot be unpacked';
}
