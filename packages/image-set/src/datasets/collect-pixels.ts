import { luminance } from '../codecs/luminance.js';
import { resizeImage, type ResizeOptions } from '../codecs/resize.js';
import type { ReadImage } from '../containers/image-records.js';
import type { LoadedFile } from './load-options.js';

export interface CollectPixelsOptions extends ResizeOptions {
  /** The number of images. */
  readonly count: number;
  readonly channels: 1 | 3;
  readonly signal?: AbortSignal;
  readonly onFile?: (file: LoadedFile) => void;
  readonly onProgress?: (done: number, total: number) => void;
}

/** The pixels of images in one size, each at its position. */
export async function collectPixels(
  images: AsyncIterable<ReadImage>,
  options: CollectPixelsOptions,
): Promise<Uint8Array> {
  const { count, height, width, fit, channels, signal, onFile, onProgress } = options;
  const size = height * width * channels;
  const pixels = new Uint8Array(count * size);
  let done = 0;
  signal?.throwIfAborted();
  for await (const { position, name, image, bytes } of images) {
    const resized = resizeImage(image, { height, width, fit });
    pixels.set(channels === 3 ? resized.pixels : luminance(resized.pixels), position * size);
    onFile?.({ name, bytes });
    onProgress?.(++done, count);
    signal?.throwIfAborted();
  }
  return pixels;
}
