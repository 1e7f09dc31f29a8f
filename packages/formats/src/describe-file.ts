import { expectBytes } from '@convlens/core';
import { fileType, firstBytes } from './file-type.js';
import { latin1 } from './pickle-globals.js';

/** What begins so. `.` stands for any byte. */
const BEGINNINGS: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'an empty file'],
  [/^RIFF....WEBP/s, 'a WebP image'],
  [/^GIF8[79]a/, 'a GIF image'],
  [/^BM/, 'a BMP image'],
  [/^(II\*\0|MM\0\*)/, 'a TIFF image'],
  [/^....ftyp(avif|avis)/s, 'an AVIF image'],
  [/^....ftyp(heic|heix|mif1|msf1)/s, 'a HEIC image'],
  [/^....ftyp/s, 'a video'],
  [/^%PDF/, 'a PDF document'],
  [/^\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19/, 'a PyTorch file'],
  [/^.{6}\0\0\{\s*"/s, 'a safetensors file'],
  [/^....TFL3/s, 'a TensorFlow Lite model'],
  [/^GGUF/, 'a GGUF model'],
  [/^Rar!/, 'a RAR archive'],
  [/^7z\xbc\xaf/, 'a 7z archive'],
  [/^BZh[1-9]/, 'a bzip2 file'],
  [/^\xfd7zXZ\0/, 'an XZ file'],
  [/^\x28\xb5\x2f\xfd/, 'a Zstandard file'],
  [/^PAR1/, 'a Parquet file'],
  [/^version https:\/\/git-lfs/, 'a pointer of Git LFS, not the file itself'],
  [/^\s*<(!doctype html|html)/i, 'an HTML page, which a failed download leaves'],
  [/^\s*<svg|^<\?xml/i, 'an XML document'],
  [/^\s*[{[]/, 'JSON text'],
];

const TYPES = {
  png: 'a PNG image',
  jpeg: 'a JPEG image',
  zip: 'a zip archive',
  gzip: 'a gzip file',
  hdf5: 'an HDF5 file',
  npy: 'a NumPy array',
  pickle: 'a Python pickle',
  tar: 'a tar archive',
} as const;

/** The names of entries in a zip tell what it is: they stand in the headers, uncompressed. */
const ZIP_CONTENTS: readonly (readonly [RegExp, string])[] = [
  [/^[^/]+\/data\.pkl$|^archive\/|^[^/]+\/version$/, 'a PyTorch file'],
  [/^(config\.json|metadata\.json|model\.weights\.h5)$/, 'a Keras file'],
  [/\.npy$/, 'an archive of NumPy arrays (.npz)'],
];

/**
 * What a file is, by its first bytes, as a noun for messages: "a WebP image", "a PyTorch file", "an HTML page, ...". For a kind that
 * is not known: "a file that begins with 01 02 03 04".
 */
export function describeFile(bytes: Uint8Array): string {
  expectBytes('bytes', bytes);
  const head = latin1(bytes.subarray(0, 64));
  const known = BEGINNINGS.find(([pattern]) => pattern.test(head));
  if (known) return known[1];
  const type = fileType(bytes);
  if (type === 'zip') return describeZip(bytes);
  return type ? TYPES[type] : `a file that begins with ${firstBytes(bytes)}`;
}

/** By the name of the first entry, behind a header of 30 bytes. */
function describeZip(bytes: Uint8Array): string {
  const length = (bytes[26] ?? 0) + 256 * (bytes[27] ?? 0);
  const name = latin1(bytes.subarray(30, 30 + Math.min(length, 200)));
  return ZIP_CONTENTS.find(([pattern]) => pattern.test(name))?.[1] ?? TYPES.zip;
}
