import { expect, it } from 'vitest';
import { MemoryUnavailable, reserveMemory } from '../src/reserve-memory.js';

const MIB = 2 ** 20;

/** An environment that has address space for `bytes`. */
const environment = (bytes: number, asked: number[] = []) => {
  return (maximum: number) => {
    asked.push((maximum * 65536) / MIB);
    if (maximum * 65536 > bytes) throw new RangeError('could not allocate memory');
    return new WebAssembly.Memory({ initial: 1, maximum, shared: true });
  };
};

it('reserves 2 GiB where they are available', () => {
  const { memory, maxPages } = reserveMemory();
  expect([maxPages * 65536, memory.buffer.byteLength]).toEqual([2 ** 31, 16 * MIB]);
  expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
});

it.each([
  [2048, 2048],
  [2047, 1024],
  [600, 512],
  [128, 128],
  [64, 64],
])('with address space for %i MiB it reserves %i MiB', (available, reserved) => {
  const { memory, maxPages } = reserveMemory(environment(available * MIB));
  expect((maxPages * 65536) / MIB).toBe(reserved);
  // It cannot grow further than that.
  expect(() => memory.grow(maxPages)).toThrow(RangeError);
});

it('says what to do where there is no address space, after trying down to 64 MiB', () => {
  const asked: number[] = [];
  expect(() => reserveMemory(environment(63 * MIB, asked))).toThrow(MemoryUnavailable);
  expect(asked).toEqual([2048, 1024, 512, 256, 128, 64]);
  expect(() => reserveMemory(environment(0))).toThrow(
    /^no address space for a WebAssembly memory \(could not allocate memory\), .*NODE_OPTIONS=--disable-wasm-trap-handler/,
  );
});

it('passes on every other error', () => {
  const create = () => {
    throw new TypeError('no SharedArrayBuffer');
  };
  expect(() => reserveMemory(create)).toThrow('no SharedArrayBuffer');
});
