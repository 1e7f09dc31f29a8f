import { expectInteger, expectOneOf, InputError, type BlobReader, type ImageSet } from '@convlens/core';
import { decodeImage } from './decode-image.js';
import { resizeImage, type ResizeOptions } from './resize.js';
import { split as splitSet } from './split.js';

export interface LoadFolderOptions extends Partial<ResizeOptions> {
  /** How many values a pixel has: 3 (default) or 1, then grey by the weights of ITU-R 601, as Pillow's mode L. */
  readonly channels?: 1 | 3;
  /**
   * 'all' (default) is every image below the class folders. 'train' and 'test' are the folders of these names, which hold
   * the class folders; without those, a fifth of each class, chosen once and for all, is test.
   */
  readonly split?: 'all' | 'train' | 'test';
  /** At most so many images, >= 1; default all. They are taken from the classes in turn. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  /** Called with the images read so far and those to read. */
  readonly onProgress?: (done: number, total: number) => void;
}

const IMAGE = /\.(png|jpe?g)$/i;
const TEST_SHARE = 0.2;

/**
 * Reads one's own images: a folder a class, PNG and JPEG files in it, all resized to `height` x `width` (default 32 x 32).
 * The classes are the folders' names in alphabetical order, the images those of each class in the order of their names.
 *
 * @throws InputError if there are no class folders, no images in them, or if a file is none: it says which.
 */
export async function loadFolder(reader: BlobReader, options: LoadFolderOptions = {}): Promise<ImageSet> {
  const { split = 'all', limit = Infinity } = options;
  expectOneOf('split', split, ['all', 'train', 'test']);
  if (limit !== Infinity) expectInteger('limit', limit, { min: 1 });
  const names = (await reader.list()).filter((name) => IMAGE.test(name) && !/(^|\/)\./.test(name));
  const isParted = ['train/', 'test/'].every((part) => names.some((name) => name.startsWith(part)));
  const parts = !isParted ? [''] : split === 'all' ? ['train/', 'test/'] : [`${split}/`];
  const files = names.flatMap((name) => {
    const part = parts.find((prefix) => name.startsWith(prefix)) ?? '-';
    const [folder, ...rest] = name.slice(part.length).split('/');
    return parts.includes(part) && rest.length > 0 ? [{ name, folder }] : [];
  });
  if (files.length === 0)
    throw new InputError(
      `Expected one folder a class with PNG or JPEG files in ${reader.location}/${parts[0]}, found ` +
        (names.length ? `${names.length} images in no folder` : 'no image'),
    );
  const classNames = [...new Set(files.map(({ folder }) => folder))].sort();
  const label = new Map(classNames.map((name, i) => [name, i]));
  let chosen: { name: string; label: number }[] = files
    .map(({ name, folder }) => ({ name, label: label.get(folder)! }))
    .sort((a, b) => a.label - b.label);
  if (!isParted && split !== 'all') chosen = shareOf(chosen, { split, classNames });
  return read(reader, { chosen: inTurn(chosen, limit), classNames, ...options });
}

type Choice = { readonly name: string; readonly label: number };

/** The training or the test images of a folder that has no such parts: the same ones every time. */
function shareOf(
  files: readonly Choice[],
  { split, classNames }: { split: 'train' | 'test'; classNames: readonly string[] },
): Choice[] {
  // A set of one pixel an image stands for the files, so that they are split as any set is.
  const set: ImageSet = {
    kind: 'image-set',
    name: 'files',
    pixels: new Float32Array(files.length).map((_, i) => i),
    labels: Int32Array.from(files, ({ label }) => label),
    count: files.length,
    height: 1,
    width: 1,
    channels: 1,
    classNames,
  };
  const { rest, taken } = splitSet(set, { from: 'stratified', fraction: TEST_SHARE });
  return Array.from((split === 'test' ? taken : rest).pixels, (i) => files[i]);
}

/** The first `limit` files, taken from the classes in turn, in their old order. */
function inTurn(files: readonly Choice[], limit: number): readonly Choice[] {
  if (files.length <= limit) return files;
  const seen: number[] = [];
  const rank = files.map(({ label }) => (seen[label] = (seen[label] ?? -1) + 1));
  const order = files.map((_, i) => i).sort((a, b) => rank[a] - rank[b] || a - b);
  return order.slice(0, limit).sort((a, b) => a - b).map((i) => files[i]); // prettier-ignore
}

async function read(
  reader: BlobReader,
  request: LoadFolderOptions & { chosen: readonly Choice[]; classNames: readonly string[] },
): Promise<ImageSet> {
  const { chosen, classNames, height = 32, width = 32, fit, channels = 3, split = 'all' } = request;
  expectOneOf('channels', String(channels), ['1', '3']);
  const size = height * width * channels;
  const pixels = new Uint8Array(chosen.length * size);
  for (const [i, { name }] of chosen.entries()) {
    request.signal?.throwIfAborted();
    const bytes = await reader.read(name);
    const where = `${reader.location}/${name}`;
    if (!bytes) throw new InputError(`${where}: expected an image, found no such file`);
    const image = resizeImage(decodeImage(bytes, where), { height, width, fit });
    pixels.set(channels === 3 ? image.pixels : grey(image.pixels), i * size);
    request.onProgress?.(i + 1, chosen.length);
  }
  const folder = reader.location.split(/[\\/]/).filter(Boolean).pop() ?? 'images';
  return {
    kind: 'image-set',
    name: split === 'all' ? folder : `${folder} ${split}`,
    pixels,
    labels: Int32Array.from(chosen, ({ label }) => label),
    count: chosen.length,
    height,
    width,
    channels,
    classNames,
  };
}

const grey = (rgb: Uint8Array) =>
  Uint8Array.from(
    { length: rgb.length / 3 },
    (_, i) => (19595 * rgb[3 * i] + 38470 * rgb[3 * i + 1] + 7471 * rgb[3 * i + 2] + 0x8000) >> 16,
  );
