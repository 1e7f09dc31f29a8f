import { describe, expect, it } from 'vitest';
import { abortable, concatBytes, recordErrors, singleChunk, streamChunks } from '../src/index.js';
import { chunksOf, collect } from './support.js';

const BYTES = Uint8Array.from({ length: 10 }, (_, i) => i);

async function* failing(error: Error) {
  yield BYTES;
  throw error;
}

describe('singleChunk', () => {
  it('yields the bytes themselves', async () => {
    for await (const chunk of singleChunk(BYTES)) expect(chunk).toBe(BYTES);
  });
});

describe('streamChunks', () => {
  it('yields the bytes of a stream', async () => {
    expect(await collect(streamChunks(new Blob([BYTES]).stream()))).toEqual(BYTES);
  });

  it('cancels the stream if the loop ends early', async () => {
    let isCanceled = false;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(BYTES),
      cancel: () => void (isCanceled = true),
    });
    for await (const chunk of streamChunks(stream)) {
      expect(chunk).toEqual(BYTES);
      break;
    }
    expect(isCanceled).toBe(true);
  });
});

describe('abortable', () => {
  it('passes chunks on until the signal is aborted', async () => {
    const controller = new AbortController();
    const reading = async () => {
      let count = 0;
      for await (const chunk of abortable(chunksOf(BYTES, 2), controller.signal)) {
        count += chunk.length;
        if (count === 4) controller.abort(new Error('enough'));
      }
    };
    await expect(reading()).rejects.toThrow('enough');
    expect(await collect(abortable(chunksOf(BYTES, 2)))).toEqual(BYTES);
  });
});

describe('recordErrors', () => {
  it('records the errors of the source and throws them', async () => {
    const errors: unknown[] = [];
    const error = new Error('disk');
    await expect(collect(recordErrors(failing(error), errors))).rejects.toBe(error);
    expect(errors).toEqual([error]);
  });

  it('does not record the errors of the consumer', async () => {
    const errors: unknown[] = [];
    const reading = async () => {
      for await (const chunk of recordErrors(chunksOf(BYTES), errors))
        throw new Error(`consumer ${chunk.length}`);
    };
    await expect(reading()).rejects.toThrow('consumer 10');
    expect(errors).toEqual([]);
  });
});

describe('concatBytes', () => {
  it('joins bytes into a new array', () => {
    expect(concatBytes([Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)])).toEqual(
      Uint8Array.of(1, 2, 3),
    );
    expect(concatBytes([])).toEqual(new Uint8Array(0));
    expect(concatBytes([BYTES]).buffer).not.toBe(BYTES.buffer);
  });
});
