import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../fixtures/images/', import.meta.url));

/** The names of the images that fixtures/make.py wrote. */
export const imageNames = readdirSync(folder).filter((name) => !name.endsWith('.json'));

export const imageFile = (name: string) => new Uint8Array(readFileSync(folder + name));

/** A PNG that fixtures/make-png.py wrote, and its pixels over black: both base64. */
interface PngFixture {
  readonly width: number;
  readonly height: number;
  readonly file: string;
  readonly pixels: string;
}

export const pngs = JSON.parse(
  readFileSync(new URL('../fixtures/png.json', import.meta.url), 'utf8'),
) as Record<string, PngFixture>;

export const pngFile = (name: string) => Uint8Array.from(Buffer.from(pngs[name].file, 'base64'));

/** The pixels that Pillow reads and resizes them to. */
export const expected = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as {
  images: Record<string, { size: [number, number]; pixels: number[] }>;
  resized: Record<string, number[]>;
  gray: number[];
};
