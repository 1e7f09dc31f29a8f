import { exifData } from './exif-data.js';

/** A WebP with its orientation in a chunk of its own, behind the image. */
export function withExifChunk(webp: Uint8Array, orientation: number): Uint8Array {
  const exif = exifData({ orientation });
  const length = new Uint8Array(new Uint32Array([exif.length]).buffer);
  const chunk = [...Buffer.from('EXIF'), ...length, ...exif];
  return Uint8Array.from([...webp, ...chunk]);
}
