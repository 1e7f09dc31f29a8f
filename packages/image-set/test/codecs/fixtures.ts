import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../fixtures/images/', import.meta.url));

/** The names of the images that fixtures/make.py wrote. */
export const imageNames = readdirSync(folder).filter((name) => !name.endsWith('.json'));

export const imageFile = (name: string) => new Uint8Array(readFileSync(folder + name));

/** A file that a script in fixtures/ wrote, and its pixels over black by Pillow: both base64. */
interface ImageFixture {
  readonly width: number;
  readonly height: number;
  readonly file: string;
  readonly pixels: string;
}

const fixtures = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')) as Record<
    string,
    ImageFixture
  >;

const fileOf = ({ file }: ImageFixture) => Uint8Array.from(Buffer.from(file, 'base64'));

export const pngs = fixtures('png');
export const pngFile = (name: string) => fileOf(pngs[name]);

export const jpegs = fixtures('jpeg');
export const jpegFile = (name: string) => fileOf(jpegs[name]);

/** The pixels that Pillow reads and resizes them to. */
export const expected = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as {
  images: Record<string, { size: [number, number]; pixels: number[] }>;
  resized: Record<string, number[]>;
  gray: number[];
};
