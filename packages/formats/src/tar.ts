import { expectOptions, InputError, type OptionNames } from '@convlens/core';
import { createTarDecoder } from 'modern-tar';
import { recordErrors, streamChunks, type Chunks } from './chunks.js';

export interface TarEntriesOptions {
  /** The name of the archive in messages. */
  readonly name: string;
}

const TAR_ENTRIES_OPTIONS: OptionNames<TarEntriesOptions> = { name: true };

/** A file in a tar archive. */
export interface TarEntry {
  /** The path in the archive, without a leading "./". Nothing is written to disk, so it is never followed. */
  readonly name: string;
  /** The size of the file. */
  readonly bytes: number;
  readonly chunks: Chunks;
}

/**
 * The files in a tar archive, in its order; links, devices and folders are skipped. The chunks of an entry must be read, or
 * left, before the next entry is requested.
 *
 * @throws InputError if the data is no tar archive or ends early. An error of `chunks` is thrown as it is.
 */
export async function* tarEntries(chunks: Chunks, options: TarEntriesOptions): AsyncGenerator<TarEntry> {
  expectOptions('tarEntries', options, TAR_ENTRIES_OPTIONS);
  const { name } = options;
  const sourceErrors: unknown[] = [];
  const toInputError = (error: unknown) =>
    sourceErrors[0] ??
    new InputError(`${name}: expected a tar archive, found none: ${(error as Error)?.message}`);
  const entries = toReadableStream(recordErrors(chunks, sourceErrors))
    .pipeThrough(createTarDecoder({ strict: true }))
    .getReader();
  try {
    for (;;) {
      const { done, value } = await entries.read().catch((error) => {
        throw toInputError(error);
      });
      if (done) return;
      const { header, body } = value;
      if (header.type !== 'file') {
        await body.cancel();
        continue;
      }
      yield {
        name: header.name.replace(/^(\.\/)+/, ''),
        bytes: header.size,
        chunks: mapErrors(streamChunks(body), toInputError),
      };
      if (!body.locked) await body.cancel();
    }
  } finally {
    await entries.cancel().catch(() => {});
  }
}

function toReadableStream(chunks: Chunks): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value.slice());
    },
    cancel: async () => void (await iterator.return?.()),
  });
}

async function* mapErrors(chunks: Chunks, toError: (error: unknown) => unknown): Chunks {
  try {
    yield* chunks;
  } catch (error) {
    throw toError(error);
  }
}
