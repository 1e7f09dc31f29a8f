import { InputError } from '@convlens/core';

/** Throws what was expected of a file and what was found. */
export type ImageFail = (expected: string, found: string) => never;

export const imageFail =
  (name: string): ImageFail =>
  (expected, found) => {
    throw new InputError(`${name}: expected ${expected}, found ${found}`);
  };
