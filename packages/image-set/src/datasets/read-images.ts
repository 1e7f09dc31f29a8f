import { InputError } from '@convlens/core';
import type { BlobReader } from '@convlens/storage';
import { readImage } from '../codecs/decode-image.js';
import type { RgbColor } from '../codecs/to-rgb.js';
import type { ReadImage } from '../containers/image-records.js';
import type { ImageFile } from '../layout/image-file.js';

/** Reads files of a folder, one after another. */
export async function* readImages(
  reader: BlobReader,
  files: readonly ImageFile[],
  background: RgbColor | undefined,
): AsyncGenerator<ReadImage> {
  for (const [position, { name }] of files.entries()) {
    const path = `${reader.location}/${name}`;
    const bytes = await reader.read(name);
    if (!bytes) throw new InputError(`${path}: expected an image, found no such file`);
    const image = await readImage(bytes, { name: path, background });
    yield { position, name, image, bytes: bytes.length };
  }
}
