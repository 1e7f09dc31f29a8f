import { expectInteger, expectOptions, InputError, type OptionNames } from '@convlens/core';
import type { BlobReader, BlobStore } from './blob-store.js';

/** The text of a file in UTF-8; undefined if the file does not exist. */
export async function readText(store: BlobReader, name: string): Promise<string | undefined> {
  const bytes = await store.read(name);
  return bytes && new TextDecoder().decode(bytes);
}

/** Writes text in UTF-8. */
export async function writeText(store: BlobStore, name: string, text: string): Promise<void> {
  await store.write(name, new TextEncoder().encode(text));
}

/**
 * The value of a JSON file; undefined if the file does not exist. The type is not checked.
 *
 * @throws InputError that names the file if it is not JSON.
 */
export async function readJson<T>(store: BlobReader, name: string): Promise<T | undefined> {
  const text = await readText(store, name);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new InputError(`Expected ${store.location}/${name} to be JSON: ${(error as Error).message}`);
  }
}

export interface WriteJsonOptions {
  /**
   * The spaces per level, 0 to 10; default 2, and a line feed at the end. 0 writes one line without a line
   * feed.
   */
  readonly indent?: number;
}

const WRITE_JSON_OPTIONS: OptionNames<WriteJsonOptions> = { indent: true };

/** Writes a value as JSON in UTF-8. */
export async function writeJson(
  store: BlobStore,
  name: string,
  value: unknown,
  options: WriteJsonOptions = {},
): Promise<void> {
  expectOptions('writeJson', options, WRITE_JSON_OPTIONS);
  const { indent = 2 } = options;
  expectInteger('indent', indent, { max: 10 });
  await writeText(store, name, JSON.stringify(value, null, indent) + (indent > 0 ? '\n' : ''));
}
