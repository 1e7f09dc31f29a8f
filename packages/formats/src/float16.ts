import { expectAnyNumber } from '@convlens/core';

/*
 * IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. A weight keeps about three decimal digits.
 */

const LARGEST_EXPONENT = 15;
const SMALLEST_EXPONENT = -14;
const FRACTION_BITS = 10;
const INFINITY_BITS = 0x7c00;
const NAN_BITS = 0x7e00;

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** The 16 bits of the nearest float16; of two equally near ones the even one. Magnitudes from 65,520 on become infinity. */
export function encodeFloat16(value: number): number {
  expectAnyNumber('value', value);
  if (Number.isNaN(value)) return NAN_BITS;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude === Infinity) return sign | INFINITY_BITS;
  // Math.log2 may round up across a power of two. That does no harm: the fraction below then rounds to that power too.
  const exponent = Math.max(SMALLEST_EXPONENT, Math.floor(Math.log2(magnitude)));
  if (exponent > LARGEST_EXPONENT) return sign | INFINITY_BITS;
  const fraction = roundHalfToEven(magnitude * 2 ** (FRACTION_BITS - exponent));
  // The leading 1 of a normal number, and a carry out of the fraction, add 1 to the exponent's field.
  return sign | (((exponent - SMALLEST_EXPONENT) << FRACTION_BITS) + fraction);
}

/** The number that 16 bits encode. */
export function decodeFloat16(bits: number): number {
  expectAnyNumber('bits', bits);
  const sign = bits & 0x8000 ? -1 : 1;
  const field = (bits >> FRACTION_BITS) & 0x1f;
  const fraction = bits & 0x3ff;
  if (field === 0x1f) return fraction ? NaN : sign * Infinity;
  if (field === 0) return sign * fraction * 2 ** (SMALLEST_EXPONENT - FRACTION_BITS);
  return sign * (1024 + fraction) * 2 ** (field - 1 + SMALLEST_EXPONENT - FRACTION_BITS);
}
