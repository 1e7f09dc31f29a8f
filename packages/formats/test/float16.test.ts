import { randomAt } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { decodeFloat16, encodeFloat16 } from '../src/index.js';
import { expected } from './support.js';

/** All finite numbers from 0 on, ascending, by the definition: fraction x 2^-24, or (1 + fraction / 1024) x 2^(field - 15). */
const NUMBERS = Array.from({ length: 0x7c00 }, (_, bits) => {
  const [field, fraction] = [bits >> 10, (bits & 1023) / 1024];
  return field === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (field - 15);
});

/** The bits of the nearest number, of two equally near ones the even one; 65,536 takes the place of infinity. */
function nearest(value: number): number {
  const above = NUMBERS.findIndex((number) => number >= value);
  const bits = above < 0 ? NUMBERS.length : above;
  if (bits === 0) return 0;
  const [down, up] = [value - NUMBERS[bits - 1], (NUMBERS[bits] ?? 65536) - value];
  if (down === up) return bits % 2 ? bits - 1 : bits;
  return down < up ? bits - 1 : bits;
}

describe('float16', () => {
  it('decodes the numbers of the definition, and encodes each as its own bits', () => {
    const wrong = NUMBERS.filter(
      (number, bits) =>
        decodeFloat16(bits) !== number ||
        encodeFloat16(number) !== bits ||
        encodeFloat16(-number) !== (bits | 0x8000),
    );
    expect(wrong).toEqual([]);
    expect(decodeFloat16(0xbc00)).toBe(-1);
  });

  it('encodes values as NumPy does', () => {
    const { values, bits } = expected.float16;
    values.forEach((value, i) => expect([value, encodeFloat16(value)]).toEqual([value, bits[i]]));
  });

  it('encodes the nearest number, of two equally near ones the even one', () => {
    const random = randomAt(1, 'binary16');
    const halfway = [0, 1, 2, 1022, 1023, 1024, 5000, 31742].map((i) => (NUMBERS[i] + NUMBERS[i + 1]) / 2);
    const sampled = Array.from({ length: 300 }, () => 2 ** (40 * random() - 26) * (1 + random()));
    const below = [-14, -13, 0, 1, 15].map((power) => 2 ** power * (1 - 2 ** -53));
    for (const value of [...halfway, ...below, ...sampled.filter((value) => value < 65536)])
      expect([value, encodeFloat16(value)]).toEqual([value, nearest(value)]);
  });

  it('encodes infinity from 65520 on, and NaN', () => {
    expect([65519.99, 65520, 1e9, Infinity, -Infinity].map(encodeFloat16)).toEqual([
      0x7bff, 0x7c00, 0x7c00, 0x7c00, 0xfc00,
    ]);
    expect([0x7c00, 0xfc00].map(decodeFloat16)).toEqual([Infinity, -Infinity]);
    expect(decodeFloat16(encodeFloat16(NaN))).toBeNaN();
    expect(Object.is(decodeFloat16(encodeFloat16(-0)), -0)).toBe(true);
  });
});
