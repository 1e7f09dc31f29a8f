import { readFileSync } from 'node:fs';
import type { Chunks } from '../src/index.js';

/** A file that fixtures/make.py wrote with Python. */
export const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

interface NpyReference {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly fortranOrder: boolean;
  readonly bytes: string;
}

/** The contents of the files, bytes in base64. */
export const expected = JSON.parse(new TextDecoder().decode(fixture('expected.json'))) as {
  readonly files: Readonly<Record<string, string>>;
  readonly tar: Readonly<Record<string, string>>;
  readonly crc32: Readonly<Record<string, number>>;
  readonly float16: { readonly values: readonly number[]; readonly bits: readonly number[] };
  readonly npy: Readonly<Record<string, NpyReference>>;
};

export const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

export const base64Of = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** The text of most fixtures. */
export const TEXT = fromBase64(expected.files['text.txt']);

/** Bytes in chunks of a size. */
export async function* chunksOf(bytes: Uint8Array, size = 100): Chunks {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

export async function collect(chunks: Chunks): Promise<Uint8Array> {
  const parts: number[] = [];
  for await (const chunk of chunks) for (const byte of chunk) parts.push(byte);
  return Uint8Array.from(parts);
}
