import { expectFields } from '@convlens/core';

/** A decoded image in color. */
export interface DecodedImage {
  /** height x width x 3 bytes: red, green and blue. */
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/** Throws an InputError if a value is not a DecodedImage, by its fields. */
export function expectDecodedImage(name: string, image: unknown): void {
  expectFields('DecodedImage', name, image, { pixels: 'numbers', height: 'number', width: 'number' });
}
