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
  });
});
