import { InputError } from '@convlens/core';
import { createTarDecoder } from 'modern-tar';
import { noted, type Chunks } from './file-source.js';

export interface TarMember {
  /** As the archive has it, without a leading "./". Nothing is ever written under it. */
  readonly name: string;
  readonly bytes: number;
  readonly chunks: Chunks;
}

const asStream = (chunks: Chunks): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value.slice());
    },
    cancel: async () => void (await iterator.return?.()),
  });
};

async function* chunksOf(stream: ReadableStream<Uint8Array>): Chunks {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/**
 * The plain files in a tar archive, in its order; links, devices and folders are passed over. Each must be read, or left,
 * before the next is asked for. Archives are read in memory only: no path in them is ever followed.
 *
 * @throws InputError if it is no tar archive or breaks off.
 */
export async function* tarMembers(chunks: Chunks, { where }: { where: string }): AsyncGenerator<TarMember> {
  const faults: unknown[] = [];
  const asInputError = (error: unknown) =>
    faults[0] ?? new InputError(`${where}: expected a tar archive, found none: ${(error as Error)?.message}`);
  const members = asStream(noted(chunks, faults))
    .pipeThrough(createTarDecoder({ strict: true }))
    .getReader();
  try {
    for (;;) {
      const { done, value } = await members.read().catch((error) => {
        throw asInputError(error);
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
        chunks: wrapped(chunksOf(body), asInputError),
      };
      if (!body.locked) await body.cancel();
    }
  } finally {
    await members.cancel().catch(() => {});
  }
}

async function* wrapped(chunks: Chunks, asInputError: (error: unknown) => unknown): Chunks {
  try {
    yield* chunks;
  } catch (error) {
    throw asInputError(error);
  }
}
