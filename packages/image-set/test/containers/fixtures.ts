import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const fixturePath = (name: string) =>
  fileURLToPath(new URL(`../fixtures/containers/${name}`, import.meta.url));

export const readFixture = (name: string): Uint8Array => new Uint8Array(readFileSync(fixturePath(name)));

/** A fixture as a page has it. */
export const fileOf = (name: string, bytes: Uint8Array = readFixture(name)): File =>
  new File([bytes as BlobPart], name);

/** What make.py wrote: the pixels in color, 18 training and 6 test images of 8 x 8. */
export const expected = JSON.parse(readFileSync(fixturePath('expected.json'), 'utf8')) as {
  classes: string[];
  files: string[];
  trainPixels: number[];
  trainLabels: number[];
  testPixels: number[];
  testLabels: number[];
};

/** The red channel of pixels in color, which the gray fixtures have. */
export const redOf = (pixels: readonly number[]): number[] => pixels.filter((_, i) => i % 3 === 0);
