import { InputError } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { ByteReader } from '../src/index.js';
import { chunksOf, collect } from './support.js';

const BYTES = Uint8Array.from({ length: 10 }, (_, i) => i);
const readerOf = (size: number) => new ByteReader(chunksOf(BYTES, size), 'a.bin');

describe.each([1, 3, 4, 10])('ByteReader on chunks of %i bytes', (size) => {
  it('reads bytes across the borders of chunks, and counts them', async () => {
    const reader = readerOf(size);
    expect([...(await reader.read(4))]).toEqual([0, 1, 2, 3]);
    const target = new Uint8Array(5);
    await reader.readInto(target);
    expect([...target]).toEqual([4, 5, 6, 7, 8]);
    expect(reader.position).toBe(9);
    expect(await reader.isAtEnd()).toBe(false);
    expect([...(await reader.readAll(1))]).toEqual([9]);
    expect(reader.position).toBe(10);
    expect(await reader.isAtEnd()).toBe(true);
    await reader.expectEnd();
    expect([...(await reader.read(0))]).toEqual([]);
  });

  it('streams a number of bytes, and the remaining ones', async () => {
    const reader = readerOf(size);
    expect([...(await collect(reader.stream(5)))]).toEqual([0, 1, 2, 3, 4]);
    expect(reader.position).toBe(5);
    await reader.skip(2);
    expect([...(await collect(reader.remaining()))]).toEqual([7, 8, 9]);
    expect(reader.position).toBe(10);
  });

  it('stays open when a loop over the remaining bytes ends early', async () => {
    const reader = readerOf(size);
    let first = 0;
    for await (const chunk of reader.remaining()) {
      first = chunk.length;
      break;
    }
    expect(first).toBe(Math.min(size, 10));
    expect([...(await reader.readAll(10))]).toEqual([...BYTES.subarray(first)]);
  });

  it('refuses to read beyond the end, with the position', async () => {
    const reader = readerOf(size);
    await reader.read(6);
    await expect(reader.read(1234, 'labels')).rejects.toThrow(
      new InputError('a.bin: expected 1,234 bytes of labels at byte 6, found the end after 4'),
    );
    await expect(readerOf(size).skip(11, 'padding')).rejects.toThrow(
      'a.bin: expected 1 more bytes of padding at byte 10, found the end',
    );
  });

  it('refuses more bytes than a limit, and bytes after the expected end', async () => {
    await expect(readerOf(size).readAll(9)).rejects.toThrow(
      'a.bin: expected at most 9 bytes at byte 0, found more',
    );
    const reader = readerOf(size);
    await reader.read(9);
    await expect(reader.expectEnd()).rejects.toThrow('a.bin: expected the end at byte 9, found more bytes');
  });
});

describe('ByteReader', () => {
  it('skips empty chunks, and reads an empty file', async () => {
    async function* chunks() {
      yield new Uint8Array(0);
      yield Uint8Array.of(1);
      yield new Uint8Array(0);
      yield Uint8Array.of(2);
      yield new Uint8Array(0);
    }
    const reader = new ByteReader(chunks(), 'a.bin');
    expect([...(await reader.readAll(2))]).toEqual([1, 2]);
    expect(await reader.isAtEnd()).toBe(true);
    expect(await new ByteReader(chunksOf(new Uint8Array(0)), 'b.bin').isAtEnd()).toBe(true);
  });

  it('reads what is at hand, at most a number of bytes', async () => {
    const reader = new ByteReader(chunksOf(Uint8Array.of(1, 2, 3, 4, 5), 3), 'a.bin');
    const parts: (number[] | undefined)[] = [];
    for (const most of [2, 2, 9, 1]) {
      const part = await reader.readSome(most);
      parts.push(part && [...part]);
    }
    expect(parts).toEqual([[1, 2], [3], [4, 5], undefined]);
    expect(reader.position).toBe(5);
  });

  it('drains the source, and closes it', async () => {
    let delivered = 0;
    let isClosed = false;
    async function* chunks() {
      try {
        for (; delivered < 5; delivered++) yield Uint8Array.of(delivered);
      } finally {
        isClosed = true;
      }
    }
    const reader = new ByteReader(chunks(), 'a.bin');
    await reader.read(1);
    await reader.close();
    expect([delivered, isClosed]).toEqual([0, true]);
    isClosed = false;
    await new ByteReader(chunks(), 'a.bin').drain();
    expect([delivered, isClosed]).toEqual([5, true]);
  });
});
