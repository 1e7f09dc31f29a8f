import { expectInteger, expectOneOf, type ImageSet } from '@convlens/core';
import { openMembers, type FileSource, type LoadRequest, type Member } from '@convlens/image-set/files';
import type { Decoded, LabelKind } from './decoded.js';
import { IMAGE_BYTES } from './planes.js';
import { packagingOf, type cifar10Forms } from './packagings.js';
import { decodePythonBatch, maxBatchBytes, readPythonBatch } from './python-batch.js';
import { BLOCK, decodeRecords } from './records.js';

export interface LoadCifarOptions extends LoadRequest {
  /** The 50,000 training images (default) or the 10,000 test images. */
  readonly split?: 'train' | 'test';
  /** At most so many images, the first ones, >= 1; default all. Unpacked files that are not needed are not read. */
  readonly limit?: number;
  /** Called after each file with the images loaded so far and those to load. */
  readonly onProgress?: (done: number, total: number) => void;
}

interface Description {
  readonly set: string;
  readonly forms: typeof cifar10Forms;
  /** How many images each file of the training and of the test images has. */
  readonly records: Readonly<Record<'train' | 'test', number>>;
  /** In the order in which a record has them. */
  readonly kinds: readonly LabelKind[];
}

const empty = (count: number, kinds: number): Decoded => ({
  labels: Array.from({ length: kinds }, () => new Int32Array(count)),
  pixels: new Uint8Array(count * IMAGE_BYTES),
});

const part = ({ labels, pixels }: Decoded, start: number, count: number): Decoded => ({
  labels: labels.map((of) => of.subarray(start, start + count)),
  pixels: pixels.subarray(start * IMAGE_BYTES, (start + count) * IMAGE_BYTES),
});

/** The images of a CIFAR set and their labels, one array a kind, in the order of its files. */
export async function loadCifar(
  source: FileSource,
  { set, forms, records, kinds, ...options }: Description & LoadCifarOptions,
): Promise<{ labels: readonly Int32Array[]; images: Omit<ImageSet, 'labels' | 'classNames'> }> {
  const { split = 'train', limit = Infinity, official = true, onProgress, ...request } = options;
  expectOneOf('split', split, ['train', 'test']);
  if (limit !== Infinity) expectInteger('limit', limit, { min: 1 });
  const size = records[split];
  const files = forms.binary[split].length;
  const total = Math.min(limit, files * size);
  const needed = official ? Math.ceil(total / size) : files;
  const packagings = (['binary', 'python'] as const).map((form) =>
    packagingOf(forms[form], {
      split,
      files: needed,
      pieceBytes: form === 'binary' ? BLOCK * (kinds.length + IMAGE_BYTES) : maxBatchBytes(size),
    }),
  );

  // The official files have known lengths, so each is decoded to its place; of others the parts are joined at the end.
  const all = official ? empty(total, kinds.length) : undefined;
  const parts: Decoded[] = [];
  let done = 0;
  for await (const member of openMembers(source, { set, packagings, official, ...request })) {
    const start = member.index * size;
    const target = (count: number) =>
      all ? part(all, start, Math.min(size, total - start)) : empty(Math.min(count, limit), kinds.length);
    const decoded = await decode(member, { kinds, size, official, target });
    parts[member.index] = decoded;
    done += decoded.labels[0].length;
    onProgress?.(Math.min(done, total), total);
  }
  const { labels, pixels } = all ?? joined(parts, Math.min(limit, done));
  const images = {
    kind: 'image-set',
    name: `${set} ${split}`,
    pixels,
    count: labels[0].length,
    height: 32,
    width: 32,
    channels: 3,
  } as const;
  return { labels, images };
}

interface Decoding {
  readonly kinds: readonly LabelKind[];
  /** How many images the official file has. */
  readonly size: number;
  readonly official: boolean;
  /** Where so many images go; it may have room for fewer. */
  readonly target: (count: number) => Decoded;
}

async function decode(member: Member, { kinds, size, official, target }: Decoding): Promise<Decoded> {
  const { reader, packaging } = member;
  if (packaging.archive!.name.includes('python')) {
    const batch = await readPythonBatch(reader, { kinds, size, official, bytes: member.bytes });
    const decoded = target(batch.count);
    decodePythonBatch(batch, decoded);
    return decoded;
  }
  const recordBytes = kinds.length + IMAGE_BYTES;
  const bytes = member.bytes ?? size * recordBytes;
  const count = bytes / recordBytes;
  if (official ? count !== size : !Number.isInteger(count) || count > size || count < 1)
    throw reader.wrong(`${official ? '' : '1 to '}${size} records of ${recordBytes} bytes`, `${bytes} bytes`);
  const decoded = target(count);
  await decodeRecords(reader, { kinds, ...decoded });
  return decoded;
}

function joined(parts: readonly Decoded[], count: number): Decoded {
  const all = empty(count, parts[0].labels.length);
  let start = 0;
  for (const { labels, pixels } of parts) {
    const room = Math.min(labels[0].length, count - start);
    labels.forEach((of, k) => all.labels[k].set(of.subarray(0, room), start));
    all.pixels.set(pixels.subarray(0, room * IMAGE_BYTES), start * IMAGE_BYTES);
    start += room;
  }
  return all;
}
