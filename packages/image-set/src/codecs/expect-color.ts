import { expectInteger, expectList, InputError } from '@convlens/core';
import type { RgbColor } from './to-rgb.js';

/** Throws an InputError unless a value is three integers from 0 to 255. */
export function expectColor(name: string, color: RgbColor): RgbColor {
  expectList(name, color);
  if (color.length !== 3)
    throw new InputError(`Expected ${name} to be red, green and blue, got ${color.length} values`);
  color.forEach((value, i) => expectInteger(`${name}[${i}]`, value, { max: 255 }));
  return color;
}
