import {
  expectString,
  expectObject,
  expectIterable,
  expectAnyNumber,
  expectOptions,
  InputError,
  type OptionNames,
} from '@convlens/core';
import { Inflate, Unzlib } from 'fflate';
import { concatBytes } from './concat-bytes.js';

/** Deflate packs at best 1,032 to 1, so a step unpacks to at most 17 MB: a bomb ends this far above the limit. */
const STEP_BYTES = 1 << 14;

const ADLER_BYTES = 4;
const ADLER_MODULUS = 65521;
/** So many additions of bytes to the Adler-32 stay below 2^32 without a modulus. */
const ADLER_RUN = 5552;

export interface InflateSyncOptions {
  /** The name of the data in messages. */
  readonly name: string;
  /** The most bytes that the data may unpack to. */
  readonly maxBytes: number;
  /** As DecompressionStream names them: 'deflate' (default) is zlib data, 'deflate-raw' is deflate without a header. */
  readonly format?: 'deflate' | 'deflate-raw';
  /** Whether to end at `maxBytes` instead of refusing data that unpacks to more; default false. */
  readonly truncate?: boolean;
}

const INFLATE_SYNC_OPTIONS: OptionNames<InflateSyncOptions> = {
  name: true,
  maxBytes: true,
  format: true,
  truncate: true,
};

/**
 * Unpacks zlib or deflate data. The Adler-32 at the end of zlib data is verified, unless `truncate` ended before it.
 *
 * @returns the unpacked bytes, at most `maxBytes`
 * @throws InputError if the data is damaged, ends early or unpacks to more than `maxBytes`.
 */
export function inflateSync(chunks: Iterable<Uint8Array>, options: InflateSyncOptions): Uint8Array {
  expectOptions('inflateSync', options, INFLATE_SYNC_OPTIONS);
  expectObject('the options of inflateSync', options);
  expectIterable('chunks', chunks);
  expectString('name', options.name);
  expectAnyNumber('maxBytes', options.maxBytes);
  const packed = Array.isArray(chunks) ? (chunks as Uint8Array[]) : [...chunks];
  const bytes = concatBytes([...inflateChunks(packed, options)]);
  const isCut = options.truncate && bytes.length === options.maxBytes;
  if (options.format !== 'deflate-raw' && !isCut) expectAdler32(bytes, packed, options.name);
  return bytes;
}

/**
 * Unpacks zlib or deflate data chunk by chunk, so that the unpacked bytes need not be in memory at once. The Adler-32 is not
 * verified.
 *
 * @throws InputError as `inflateSync` does.
 */
export function* inflateChunks(
  chunks: Iterable<Uint8Array>,
  options: InflateSyncOptions,
): Generator<Uint8Array, void> {
  expectOptions('inflateChunks', options, INFLATE_SYNC_OPTIONS);
  expectObject('the options of inflateChunks', options);
  expectIterable('chunks', chunks);
  expectString('name', options.name);
  expectAnyNumber('maxBytes', options.maxBytes);
  const { name, maxBytes, format = 'deflate', truncate = false } = options;
  let unpacked: Uint8Array = new Uint8Array(0);
  const decoder = new (format === 'deflate' ? Unzlib : Inflate)((chunk) => void (unpacked = chunk));
  let remaining = maxBytes;
  for (const { bytes, final } of steps(chunks)) {
    unpacked = new Uint8Array(0);
    try {
      decoder.push(bytes, final);
    } catch (error) {
      throw new InputError(
        `${name}: expected ${dataName(format)}, found a damaged stream: ${(error as Error).message}`,
      );
    }
    if (unpacked.length > remaining && !truncate)
      throw new InputError(`${name}: expected at most ${maxBytes} bytes when unpacked, found more`);
    if (unpacked.length > 0) yield unpacked.subarray(0, remaining);
    remaining -= unpacked.length;
    if (remaining <= 0 && truncate) return;
  }
}

const dataName = (format: InflateSyncOptions['format']) =>
  format === 'deflate' ? 'zlib data' : 'deflate data';

/** Chunks cut into steps, and an empty final step. */
function* steps(chunks: Iterable<Uint8Array>): Generator<{ bytes: Uint8Array; final: boolean }> {
  for (const chunk of chunks)
    for (let start = 0; start < chunk.length; start += STEP_BYTES)
      yield { bytes: chunk.subarray(start, start + STEP_BYTES), final: false };
  yield { bytes: new Uint8Array(0), final: true };
}

function expectAdler32(bytes: Uint8Array, packed: readonly Uint8Array[], name: string): void {
  const end = lastBytes(packed, ADLER_BYTES);
  const expected = new DataView(end.buffer, end.byteOffset).getUint32(0);
  const actual = adler32(bytes);
  if (actual !== expected)
    throw new InputError(`${name}: expected the Adler-32 ${hex(expected)}, got ${hex(actual)}`);
}

/** The last `count` bytes of chunks that hold at least as many. */
function lastBytes(chunks: readonly Uint8Array[], count: number): Uint8Array {
  let end = new Uint8Array(0);
  for (let i = chunks.length - 1; i >= 0 && end.length < count; i--)
    end = concatBytes([
      chunks[i].subarray(Math.max(0, chunks[i].length + end.length - count)),
      end,
    ]) as typeof end;
  return end;
}

/** The checksum of RFC 1950. */
function adler32(bytes: Uint8Array): number {
  let sum = 1;
  let sumOfSums = 0;
  for (let start = 0; start < bytes.length; start += ADLER_RUN) {
    const end = Math.min(bytes.length, start + ADLER_RUN);
    for (let i = start; i < end; i++) sumOfSums += sum += bytes[i];
    sum %= ADLER_MODULUS;
    sumOfSums %= ADLER_MODULUS;
  }
  return sumOfSums * 65536 + sum;
}

const hex = (value: number) => value.toString(16).padStart(8, '0');
