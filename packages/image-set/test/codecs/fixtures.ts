import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../fixtures/images/', import.meta.url));

/** The names of the images that fixtures/make.py wrote. */
export const imageNames = readdirSync(folder).filter((name) => !name.endsWith('.json'));

export const imageFile = (name: string) => new Uint8Array(readFileSync(folder + name));

/** The pixels that Pillow reads and resizes them to. */
export const expected = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as {
  images: Record<string, { size: [number, number]; pixels: number[] }>;
  resized: Record<string, number[]>;
  gray: number[];
};
