import { expectList, expectIterable, expectMethods, expectBytes } from '@convlens/core';

/** The bytes of a file in order, in chunks of any size. A chunk is valid until the next one is requested. */
export type Chunks = AsyncIterable<Uint8Array>;

/** Bytes as a single chunk. */
export async function* singleChunk(bytes: Uint8Array): Chunks {
  expectBytes('bytes', bytes);
  yield bytes;
}

/** The chunks of a stream. The stream is canceled if the loop over them ends early. */
export async function* streamChunks(stream: ReadableStream<Uint8Array>): Chunks {
  expectMethods('stream', stream, 'a ReadableStream', ['getReader']);
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

/** Passes chunks on until `signal` is aborted; then throws the signal's reason. */
export async function* abortable(chunks: Chunks, signal?: AbortSignal): Chunks {
  expectIterable('chunks', chunks);
  if (signal !== undefined) expectMethods('signal', signal, 'an AbortSignal', ['throwIfAborted']);
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
}

/**
 * Passes chunks on and adds each error of their source to `errors`. A consumer that catches an error can thus tell whether
 * it came from the source or from the consumer itself.
 */
export async function* recordErrors(chunks: Chunks, errors: unknown[]): Chunks {
  expectIterable('chunks', chunks);
  expectList('errors', errors);
  try {
    yield* chunks;
  } catch (error) {
    errors.push(error);
    throw error;
  }
}
