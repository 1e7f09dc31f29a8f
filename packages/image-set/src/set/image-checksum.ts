import { expectImages, type Images } from '@convlens/core';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** The images of a block, which are hashed together: few enough that a block of a set that is streamed is small. */
export const CHECKSUM_BLOCK = 100;

/** What a checksum covers besides labels and pixels. */
type ImageHeader = Pick<Images, 'height' | 'width' | 'channels' | 'classNames'>;

/** SHA-256 by the platform, which is ten times as fast; pages that are not secure have none. */
async function digest(bytes: Uint8Array): Promise<Uint8Array> {
  const { subtle } = globalThis.crypto ?? {};
  return subtle ? new Uint8Array(await subtle.digest('SHA-256', bytes as BufferSource)) : sha256(bytes);
}

/** Computes the checksum of images that arrive in blocks of `CHECKSUM_BLOCK`, the last one shorter, in the order of their set. */
export class ImageChecksum {
  readonly #digests: Uint8Array[] = [];

  async add({ labels, pixels }: Pick<Images, 'labels' | 'pixels'>): Promise<void> {
    const labelBytes = new DataView(new ArrayBuffer(4 * (labels?.length ?? 0)));
    labels?.forEach((label, i) => labelBytes.setInt32(4 * i, label, true));
    const pixelBytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
    this.#digests.push(await digest(concat([new Uint8Array(labelBytes.buffer), pixelBytes])));
  }

  /** The checksum, in hexadecimal digits. */
  async finish({ height, width, channels, classNames }: ImageHeader): Promise<string> {
    const header = new TextEncoder().encode(JSON.stringify([height, width, channels, classNames]));
    return bytesToHex(await digest(concat([header, ...this.#digests])));
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/**
 * A SHA-256 of the size, the class names, the labels and the pixels of images, by which a set is found again wherever its files
 * lie and in whatever archive: the SHA-256 of a JSON text [height, width, channels, classNames] and of the SHA-256 of each 100
 * images, of their labels (32 bits each, little-endian) and then their pixels.
 *
 * @returns 64 hexadecimal digits
 */
export async function imageChecksum(images: Images): Promise<string> {
  expectImages('images', images);
  const { count, labels, pixels, height, width, channels } = images;
  const size = height * width * channels;
  const checksum = new ImageChecksum();
  for (let start = 0; start < count; start += CHECKSUM_BLOCK) {
    const end = Math.min(count, start + CHECKSUM_BLOCK);
    await checksum.add({
      labels: labels?.subarray(start, end),
      pixels: pixels.subarray(start * size, end * size),
    });
  }
  return checksum.finish(images);
}
