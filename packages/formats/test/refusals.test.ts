import { describe, expect, it, vi } from 'vitest';
import { readPickle, tarEntries } from '../src/index.js';
import { chunksOf, fixture } from './support.js';

const read = (...bytes: number[]) =>
  readPickle(Uint8Array.from(bytes), { name: 'a.pickle', maxOperations: 100 });
const [PROTO, STOP, BINBYTES8, BINUNICODE8, SHORT_BINBYTES] = [0x80, 0x2e, 0x8e, 0x8d, 0x43];
const u8 = (value: number) => [value, 0, 0, 0, 0, 0, 0, 0];

describe('readPickle', () => {
  it.each([
    ['bytes', BINBYTES8, [7, 8, 9], Uint8Array.of(7, 8, 9)],
    ['no bytes', BINBYTES8, [], new Uint8Array()],
    ['a text', BINUNICODE8, [0x61, 0x62], 'ab'],
  ])('reads %s whose length has 8 bytes', (_, operation, contents, value) => {
    expect(read(PROTO, 4, operation, ...u8(contents.length), ...contents, STOP)).toEqual(value);
  });

  it('reads a length of 8 bytes that is exactly that of the file, and refuses what lies beyond', () => {
    const size = 2 + 9 + 5;
    expect(() => read(PROTO, 4, BINBYTES8, ...u8(size), 1, 2, 3, 4, 5)).toThrow(
      `expected ${size} bytes of a pickle at byte 2, found the end after 5`,
    );
    expect(() => read(PROTO, 4, BINBYTES8, ...u8(size + 1), 1, 2, 3, 4, 5)).toThrow(
      'expected Infinity bytes of a pickle at byte 2, found the end after 5',
    );
  });

  it.each([
    ['one byte of three', 3, [1], 1],
    ['two bytes of three', 3, [1, 2], 2],
    ['none of one', 1, [], 0],
  ])('names the bytes that are left where a pickle is cut: %s', (_, length, contents, left) => {
    expect(() => read(PROTO, 3, SHORT_BINBYTES, length, ...contents)).toThrow(
      `a.pickle: expected ${length} bytes of a pickle at byte 2, found the end after ${left}`,
    );
  });

  it.each([
    ['BUILD without a state', 0x62],
    ['REDUCE without arguments', 0x52],
    ['APPEND without an item', 0x61],
    ['TUPLE1 without a value', 0x85],
    ['MEMOIZE without a value', 0x94],
    ['SETITEM without a value', 0x73],
  ])('refuses %s: the stack is empty', (_, operation) => {
    expect(() => read(PROTO, 4, operation, STOP)).toThrow(
      'a.pickle: expected a value on the stack at byte 2, found none',
    );
  });
});

describe('tarEntries', () => {
  /** The chunks of an archive, and whether they were left. */
  function observed() {
    const state = { closed: false };
    async function* chunks() {
      try {
        yield* chunksOf(fixture('ustar.tar'), 512);
      } finally {
        state.closed = true;
      }
    }
    return { state, chunks: chunks() };
  }

  it('closes its source where the reader stops early', async () => {
    const { state, chunks } = observed();
    for await (const { name } of tarEntries(chunks, { name: 'a.tar' })) {
      expect([name.length > 0, state.closed]).toEqual([true, false]);
      break;
    }
    await vi.waitFor(() => expect(state.closed).toBe(true));
  });

  it('closes its source where the reader throws', async () => {
    const { state, chunks } = observed();
    const reading = async () => {
      for await (const { name } of tarEntries(chunks, { name: 'a.tar' })) throw new Error(name);
    };
    await expect(reading()).rejects.toThrow();
    await vi.waitFor(() => expect(state.closed).toBe(true));
  });
});
