import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src/index.js';
import { joinSafetensors } from './join-safetensors.js';

const stateDictFile = new Uint8Array(readFileSync(new URL('../fixtures/3conv.safetensors', import.meta.url)));

describe('readSafetensors', () => {
  const readNumber = (dtype: string, bytes: number[]) =>
    readSafetensors(
      joinSafetensors({ x: { dtype, shape: [1], data_offsets: [0, bytes.length] } }, bytes),
    ).get('x')!.values[0];

  it('reads each number type', () => {
    expect(readNumber('F16', [0x00, 0xc1])).toBe(-2.5);
    expect(readNumber('BF16', [0x20, 0xc0])).toBe(-2.5);
    expect(readNumber('F32', [0, 0, 0x20, 0xc0])).toBe(-2.5);
    expect(readNumber('F64', [0, 0, 0, 0, 0, 0, 0x04, 0xc0])).toBe(-2.5);
    expect(readNumber('I64', [0xfe, ...Array(7).fill(0xff)])).toBe(-2);
    expect(readNumber('I8', [0xfe])).toBe(-2);
    expect(readNumber('U8', [0xfe])).toBe(254);
  });

  it('refuses wrong lengths and offsets, and says which', () => {
    const x = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
    const expectRefused = (bytes: Uint8Array, message: RegExp) =>
      expect(() => readSafetensors(bytes)).toThrow(message);
    expectRefused(new Uint8Array(3), /found 3 bytes/);
    expectRefused(stateDictFile.subarray(0, 100), /a header of \d+ bytes in a file of 100/);
    expectRefused(stateDictFile.subarray(0, -1), /"fc2\.bias" of shape 10/);
    expectRefused(joinSafetensors({ x }, [0, 0, 0, 0]), /"x" of shape 2 at bytes 0 to 8 of 4/);
    expectRefused(joinSafetensors({ x: { ...x, shape: [3] } }, Array(8).fill(0)), /shape 3/);
    expectRefused(joinSafetensors({ x, y: x }, Array(8).fill(0)), /overlap/);
    expectRefused(joinSafetensors({ x: { ...x, dtype: 'F8' } }), /"F8"; the known types are F64/);
    const rank65 = { dtype: 'U8', shape: Array(65).fill(1), data_offsets: [0, 1] };
    expectRefused(joinSafetensors({ x: rank65 }, [0]), /"x" without a shape and two offsets/);
  });

  it('refuses arrays that overlap or have gaps between them', () => {
    const array = (start: number, end: number) => ({
      dtype: 'U8',
      shape: [end - start],
      data_offsets: [start, end],
    });
    const expectRefused = (entries: Record<string, object>, message: string) =>
      expect(() => readSafetensors(joinSafetensors(entries, Array(8).fill(0)))).toThrow(message);
    expectRefused(
      { x: array(0, 8), y: array(0, 8) },
      'arrays that overlap: "y" begins at byte 0, before byte 8',
    );
    expectRefused(
      { x: array(0, 8), y: array(7, 8) },
      'arrays that overlap: "y" begins at byte 7, before byte 8',
    );
    expectRefused({ x: array(0, 8), y: array(4, 4) }, 'arrays that overlap: "y" begins at byte 4');
    expectRefused({ x: array(1, 8) }, 'a gap before "x", from byte 0 to 1');
    expectRefused({ y: array(5, 8), x: array(0, 4) }, 'a gap before "y", from byte 4 to 5');
    expectRefused({ x: array(0, 7) }, '1 bytes after the last array');
    expectRefused({}, '8 bytes after the last array');
    const sound = { y: array(8, 8), x: array(0, 3), z: array(3, 3), w: array(3, 8) };
    expect([...readSafetensors(joinSafetensors(sound, Array(8).fill(0))).keys()]).toEqual([
      'y',
      'x',
      'z',
      'w',
    ]);
  });

  it('refuses many overlapping arrays before it reads one', () => {
    const values = new Float32Array(1 << 18);
    const many = Object.fromEntries(
      Array.from({ length: 400 }, (_, i) => [
        `x${i}`,
        { dtype: 'F32', shape: [1 << 18], data_offsets: [0, 1 << 20] },
      ]),
    );
    const file = joinSafetensors(many, new Uint8Array(values.buffer));
    const before = process.memoryUsage().arrayBuffers;
    expect(() => readSafetensors(file)).toThrow('arrays that overlap');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
  });

  it('refuses a header that is nested, or whose names have control characters, without printing them', () => {
    const nested = `{"x":{"dtype":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`;
    const header = (text: string) => {
      const bytes = new Uint8Array(8 + text.length);
      new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
      bytes.set(new TextEncoder().encode(text), 8);
      return bytes;
    };
    expect(() => readSafetensors(header(nested))).toThrow('at most 256 deep');
    const dtype = `${'['.repeat(200)}${']'.repeat(200)}`;
    expect(() => readSafetensors(header(`{"x":{"dtype":${dtype}}}`))).toThrow(/of type \[{40}…;/);
    expect(() => readSafetensors(header('{"x":'))).toThrow(
      'found another one (Expected the header to be JSON',
    );
  });
});
