import { expectInnerPath, InputError } from '@convlens/core';
import { concatBytes, crc32 } from '@convlens/formats';
import type { BlobReader } from '@convlens/storage';
import type * as tf from '@tensorflow/tfjs';

/** A group of the weights manifest of TensorFlow.js, with a checksum, which that ignores. */
export type WeightGroup = tf.io.WeightsManifestConfig[number] & {
  /** The CRC-32 of the bytes of all paths, in 8 hexadecimal digits. Absent in folders of other programs and of old versions. */
  readonly crc32?: string;
};

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
export const valueCount = ({ shape }: tf.io.WeightsManifestEntry): number =>
  shape.reduce((product, size) => product * size, 1);

/** Quantized weights have the size of their quantized type. */
const byteCount = (spec: tf.io.WeightsManifestEntry): number =>
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
  expectUniqueNames(groups, location);
  const parts: Uint8Array[] = [];
  for (const group of groups) {
    const files: Uint8Array[] = [];
    for (const path of group.paths) {
      const bytes = await store.read(expectInnerPath(location, path));
      if (!bytes) throw new InputError(`Expected ${path} beside ${file} in ${store.location}, found none`);
      files.push(bytes);
    }
    const bytes = concatBytes(files);
    expectSize(bytes, group, { location: store.location, file });
    expectChecksum(bytes, group, store.location);
    parts.push(bytes);
  }
  return concatBytes(parts).buffer as ArrayBuffer;
}

function expectUniqueNames(groups: readonly WeightGroup[], location: string): void {
  const names = groups.flatMap(({ weights }) => weights.map(({ name }) => name)).sort();
  const repeated = names.find((name, i) => i > 0 && name === names[i - 1]);
  if (repeated !== undefined)
    throw new InputError(
      `Expected ${location} to have unique names of weights, got two ${JSON.stringify(repeated)}`,
    );
}

function expectSize(
  bytes: Uint8Array,
  { weights }: WeightGroup,
  { location, file }: { location: string; file: string },
): void {
  const expected = weights.reduce((sum, spec) => sum + byteCount(spec), 0);
  if (bytes.length !== expected)
    throw new InputError(
      `Expected ${expected} bytes of weights in ${location}, got ${bytes.length}: not the weights of this ${file}`,
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
