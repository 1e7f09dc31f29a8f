import { expectStore, expectReader } from './expect-store.js';
import { expectMethods, expectString, expectInteger, expectOptions, type OptionNames } from '@convlens/core';
import type { GenericSchema } from 'valibot';
import type { BlobReader, BlobStore } from './blob-store.js';
import { expectSchema } from './json/expect-schema.js';
import { parseJson } from './json/parse-json.js';

/** The text of a file in UTF-8; undefined if the file does not exist. */
export async function readText(store: BlobReader, name: string): Promise<string | undefined> {
  expectReader('store', store);
  expectString('name', name);
  const bytes = await store.read(name);
  return bytes && new TextDecoder().decode(bytes);
}

/** Writes text in UTF-8. */
export async function writeText(store: BlobStore, name: string, text: string): Promise<void> {
  expectStore('store', store);
  expectString('name', name);
  expectString('text', text);
  await store.write(name, new TextEncoder().encode(text));
}

/**
 * The value of a JSON file as its schema describes it; undefined if the file does not exist.
 *
 * @param schema of valibot. Default: any value.
 * @throws InputError that names the file, and the field, if the file is not JSON (`parseJson`) or its value is another.
 */
export async function readJson<T = unknown>(
  store: BlobReader,
  name: string,
  schema?: GenericSchema<unknown, T>,
): Promise<T | undefined> {
  if (schema !== undefined) expectMethods('schema', schema, 'a schema of valibot', ['~run']);
  expectReader('store', store);
  expectString('name', name);
  const bytes = await store.read(name);
  if (bytes === undefined) return undefined;
  const location = `${store.location}/${name}`;
  const value = parseJson(bytes, location);
  return schema ? expectSchema(value, schema, location) : (value as T);
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
  expectStore('store', store);
  expectString('name', name);
  const { indent = 2 } = options;
  expectInteger('indent', indent, { max: 10 });
  await writeText(store, name, JSON.stringify(value, null, indent) + (indent > 0 ? '\n' : ''));
}
