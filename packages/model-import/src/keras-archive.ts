import { InputError } from '@convlens/core';
import { Unzip, UnzipInflate } from 'fflate';

const PARTS = ['config.json', 'model.weights.h5'] as const;

/** The two parts of a .keras file that hold a model. */
export type KerasArchive = Record<(typeof PARTS)[number], Uint8Array>;

/** Deflate cannot make more of a byte: what is larger lies about its size. */
const SMALLEST_LIMIT = 2 ** 26;

/**
 * Unpacks a .keras file (a zip of Keras 3, stored or deflated), and nothing of it but what holds the model. Throws an
 * InputError if that would be more than `maxBytes`, before it is all there: a zip bomb ends at the limit.
 */
export function unpackKerasArchive(
  bytes: Uint8Array,
  { file, maxBytes = Math.max(SMALLEST_LIMIT, 4 * bytes.length) }: { file: string; maxBytes?: number },
): KerasArchive {
  const found: Partial<KerasArchive> = {};
  const unzip = new Unzip((entry) => {
    const name = PARTS.find((part) => part === entry.name);
    if (!name) return;
    const chunks: Uint8Array[] = [];
    let size = 0;
    entry.ondata = (error, chunk, final) => {
      if (error)
        throw new InputError(`Expected ${file} to be a whole zip, found ${name} damaged: ${error.message}`);
      size += chunk.length;
      if (size > maxBytes)
        throw new InputError(
          `Expected ${name} in ${file} to be at most ${maxBytes} bytes, got more when unpacked`,
        );
      chunks.push(chunk);
      if (final) found[name] = concatenate(chunks, size);
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  try {
    // In small steps, so that the limit is seen before a bomb has unfolded.
    const step = 2 ** 14;
    for (let start = 0; start < bytes.length; start += step)
      unzip.push(bytes.subarray(start, start + step), start + step >= bytes.length);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`Expected ${file} to be a whole zip: ${(error as Error).message}`);
  }
  for (const part of PARTS)
    if (!found[part])
      throw new InputError(
        `Expected ${file} to hold ${PARTS.join(' and ')}, found no whole ${part}: not a .keras file, or cut off`,
      );
  return found as KerasArchive;
}

function concatenate(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  chunks.reduce((offset, chunk) => (whole.set(chunk, offset), offset + chunk.length), 0);
  return whole;
}
