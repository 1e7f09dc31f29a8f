import { randomAt } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { fromBinary16, toBinary16 } from '../src/binary16.js';

/** Every finite number from 0 on, ascending, by the definition: fraction x 2^-24, or (1 + fraction / 1024) x 2^(field - 15). */
const numbers = Array.from({ length: 0x7c00 }, (_, bits) => {
  const [field, fraction] = [bits >> 10, (bits & 1023) / 1024];
  return field === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (field - 15);
});

/** The bits of the nearest of them, of two equally near the even one; as if 65,536 were the next. */
function nearest(value: number): number {
  const above = numbers.findIndex((number) => number >= value);
  const bits = above < 0 ? numbers.length : above;
  if (bits === 0) return 0;
  const [down, up] = [value - numbers[bits - 1], (numbers[bits] ?? 65536) - value];
  if (down === up) return bits % 2 ? bits - 1 : bits;
  return down < up ? bits - 1 : bits;
}

describe('binary16', () => {
  it('stands for the numbers of the definition, and every one of them comes back as its own bits', () => {
    const wrong = numbers.filter(
      (number, bits) =>
        fromBinary16(bits) !== number ||
        toBinary16(number) !== bits ||
        toBinary16(-number) !== (bits | 0x8000),
    );
    expect(wrong).toEqual([]);
    expect(fromBinary16(0xbc00)).toBe(-1);
  });

  it('is the nearest of them, and of two equally near the even one', () => {
    const random = randomAt(1, 'binary16');
    const halfway = [0, 1, 2, 1022, 1023, 1024, 5000, 31742].map((i) => (numbers[i] + numbers[i + 1]) / 2);
    const drawn = Array.from({ length: 300 }, () => 2 ** (40 * random() - 26) * (1 + random()));
    const below = [-14, -13, 0, 1, 15].map((power) => 2 ** power * (1 - 2 ** -53));
    for (const value of [...halfway, ...below, ...drawn.filter((value) => value < 65536)])
      expect([value, toBinary16(value)]).toEqual([value, nearest(value)]);
  });

  it('is infinite from 65520 on, and no number where there is none', () => {
    expect([65519.99, 65520, 1e9, Infinity, -Infinity].map(toBinary16)).toEqual([
      ...[0x7bff, 0x7c00, 0x7c00, 0x7c00, 0xfc00],
    ]);
    expect([0x7c00, 0xfc00].map(fromBinary16)).toEqual([Infinity, -Infinity]);
    expect(fromBinary16(toBinary16(NaN))).toBeNaN();
  });
});
