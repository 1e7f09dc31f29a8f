import { expectInnerPath, InputError } from '@convlens/core';
import { concatBytes, crc32 } from '@convlens/formats';
import type { BlobReader } from '@convlens/storage';
import type { WeightEntry, WeightGroup } from './model-json.js';

export const WEIGHTS_FILE = 'weights.bin';

/** The weights of model.json while weights.bin still holds those of the model before: see model-files.ts. */
export const NEW_WEIGHTS_FILE = 'weights.new.bin';

/** The CRC-32 of weights as model.json has it. */
export const weightsChecksum = (bytes: Uint8Array): string => crc32(bytes).toString(16).padStart(8, '0');

const BYTES: Readonly<Record<string, number>> = {
  uint8: 1,
  uint16: 2,
  float16: 2,
  bool: 1,
  float32: 4,
  int32: 4,
  complex64: 8,
};

/** The number of values of a weight. */
export const valueCount = ({ shape }: { readonly shape: readonly number[] }): number =>
  shape.reduce((product, size) => product * size, 1);

/** Quantized weights have the size of their quantized type. */
const byteCount = (spec: WeightEntry): number =>
  valueCount(spec) * (BYTES[spec.quantization?.dtype ?? spec.dtype] ?? NaN);

/**
 * The bytes of all weight files in their order.
 *
 * @param file the name of the file with the manifest, in the store
 * @throws InputError if a file is missing or outside of the folder, if the sizes are not those of the weights, or if a
 * checksum differs.
 */
export async function readWeightFiles(
  store: BlobReader,
  groups: readonly WeightGroup[],
  file: string,
): Promise<ArrayBuffer> {
  const location = `${store.location}/${file}`;
  const parts: Uint8Array[] = [];
  for (const group of groups) {
    const files: Uint8Array[] = [];
    for (const path of group.paths) {
      const bytes = await store.read(expectInnerPath(location, path));
      if (!bytes) throw new InputError(`Expected ${path} beside ${file} in ${store.location}, found none`);
      files.push(bytes);
    }
    const bytes = await currentWeights(store, concatBytes(files), group);
    expectSize(bytes, group, { location: store.location, file });
    expectChecksum(bytes, group, store.location);
    parts.push(bytes);
  }
  return concatBytes(parts).buffer as ArrayBuffer;
}

/** The bytes of the weight files, or those of a write that was interrupted if the checksum is theirs. */
async function currentWeights(
  store: BlobReader,
  bytes: Uint8Array,
  { paths, crc32: expected }: WeightGroup,
): Promise<Uint8Array> {
  if (paths.join() !== WEIGHTS_FILE || expected === undefined || weightsChecksum(bytes) === expected)
    return bytes;
  const newBytes = await store.read(NEW_WEIGHTS_FILE);
  return newBytes && weightsChecksum(newBytes) === expected ? newBytes : bytes;
}

/** Throws an InputError if the weights do not fill their files; it names the first that ends beyond them. */
function expectSize(
  { length }: Uint8Array,
  { weights }: WeightGroup,
  { location, file }: { location: string; file: string },
): void {
  let end = 0;
  for (const entry of weights) {
    end += byteCount(entry);
    if (!(end <= length))
      throw new InputError(
        `Expected the weight ${entry.name} of ${entry.shape.join(' x ') || 'one'} values in the weights of ` +
          `${location}, got ${length} bytes, and it would end at byte ${end}: not the weights of this ${file}`,
      );
  }
  if (end !== length)
    throw new InputError(
      `Expected ${end} bytes of weights in ${location}, got ${length}: not the weights of this ${file}`,
    );
}

function expectChecksum(bytes: Uint8Array, { paths, crc32: expected }: WeightGroup, location: string): void {
  if (expected === undefined) return;
  const actual = weightsChecksum(bytes);
  if (actual !== expected)
    throw new InputError(
      `Expected ${paths.join(', ')} in ${location} to have the CRC-32 ${expected}, got ${actual}: the file is ` +
        'damaged; copy the folder again, or train again',
    );
}
