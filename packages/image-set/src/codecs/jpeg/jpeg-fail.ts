import { InputError } from '@convlens/core';

/** Throws what was expected of a file and what was found. */
export type JpegFail = (expected: string, found: string) => never;

export const jpegFail =
  (name: string): JpegFail =>
  (expected, found) => {
    throw new InputError(`${name}: expected ${expected}, found ${found}`);
  };
