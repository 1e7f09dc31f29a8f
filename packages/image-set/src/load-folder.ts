import { expectInteger, expectOneOf, InputError, type ImageSet } from '@convlens/core';
import type { BlobReader } from '@convlens/storage';
import { decodeImage } from './decode-image.js';
import { luminance } from './luminance.js';
import type { LoadedFile } from './packaging.js';
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
  /** Told of each file once it is read. */
  readonly onFile?: (file: LoadedFile) => void;
  /** Called with the images read so far and those to read. */
  readonly onProgress?: (done: number, total: number) => void;
}

const IMAGE = /\.(png|jpe?g)$/i;
const PARTS = ['train/', 'test/'];
/** What others call such parts. */
const PART_LIKE = ['train', 'test', 'val', 'valid', 'validation'];
const TEST_SHARE = 0.2;

/**
 * Reads one's own images: a folder a class, PNG and JPEG files in it, all resized to `height` x `width` (default 32 x 32).
 * The classes are the folders' names in alphabetical order (those of both `train` and `test`, where there are such), the
 * images those of each class in the order of their names.
 *
 * @throws InputError if there are no class folders, no images in them, or if a file is none: it says which.
 */
export async function loadFolder(reader: BlobReader, options: LoadFolderOptions = {}): Promise<ImageSet> {
  const { split = 'all', limit = Infinity } = options;
  expectOneOf('split', split, ['all', 'train', 'test']);
  if (limit !== Infinity) expectInteger('limit', limit, { min: 1 });
  const names = (await reader.list()).filter((name) => IMAGE.test(name) && !/(^|\/)\./.test(name));
  const isParted = PARTS.every((part) => names.some((name) => name.startsWith(part)));
  if (!isParted) expectClasses(names, reader);
  const files = names.flatMap((name) => {
    const part = isParted ? PARTS.find((prefix) => name.startsWith(prefix)) : '';
    const [folder, ...rest] = name.slice(part?.length).split('/');
    return part !== undefined && rest.length > 0 ? [{ name, part, folder }] : [];
  });
  const wanted = files.filter(({ part }) => !isParted || split === 'all' || part === `${split}/`);
  if (wanted.length === 0)
    throw new InputError(
      `Expected one folder a class with PNG or JPEG files in ${reader.location}/` +
        `${isParted && split !== 'all' ? `${split}/` : ''}, found ` +
        (names.length ? `${names.length} images in no folder` : 'no image'),
    );
  // Of both parts, so that a class has one label in them, even if one of them lacks it.
  const classNames = [...new Set(files.map(({ folder }) => folder))].sort();
  const label = new Map(classNames.map((name, i) => [name, i]));
  let chosen: Choice[] = wanted
    .map(({ name, folder }) => ({ name, label: label.get(folder)! }))
    .sort((a, b) => a.label - b.label);
  if (!isParted && split !== 'all') chosen = shareOf(chosen, { split, classNames });
  return read(reader, { chosen: inTurn(chosen, limit), classNames, ...options });
}

/** Folders that are parts of a set look like classes, and a network would learn to tell training from validation images. */
function expectClasses(names: readonly string[], { location }: BlobReader): void {
  const nested = names.map((name) => name.split('/')).filter((path) => path.length > 2);
  const folders = [...new Set(names.filter((name) => name.includes('/')).map((name) => name.split('/')[0]))];
  if (nested.length > 0 && folders.every((folder) => PART_LIKE.includes(folder.toLowerCase())))
    throw new InputError(
      `Expected train/ and test/ in ${location}, or one folder a class, found ` +
        `${folders.map((folder) => `${folder}/`).join(', ')}: rename them, or name one of them`,
    );
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
    pixels.set(channels === 3 ? image.pixels : luminance(image.pixels), i * size);
    request.onFile?.({ name, bytes: bytes.length });
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
