import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { describeFile } from '../src/index.js';
import { fixture } from './support.js';

const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

describe('describeFile', () => {
  it.each([
    ['RIFF\x10\0\0\0WEBPVP8 ', 'a WebP image'],
    ['GIF89a', 'a GIF image'],
    ['BM\x01\x02', 'a BMP image'],
    ['II*\0', 'a TIFF image'],
    ['\0\0\0\x1cftypavif', 'an AVIF image'],
    ['\0\0\0\x1cftypheic', 'a HEIC image'],
    ['\0\0\0\x1cftypisom', 'a video'],
    ['\x89PNG\r\n\x1a\n', 'a PNG image'],
    ['\xff\xd8\xff\xe0', 'a JPEG image'],
    ['%PDF-1.7', 'a PDF document'],
    ['\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.', 'a PyTorch file'],
    ['\x40\0\0\0\0\0\0\0{"a":{', 'a safetensors file'],
    ['\x1c\0\0\0TFL3', 'a TensorFlow Lite model'],
    ['\x80\x04\x95', 'a Python pickle'],
    ['\x89HDF\r\n\x1a\n', 'an HDF5 file'],
    ['\n<!DOCTYPE html><html>', 'an HTML page, which a failed download leaves'],
    ['version https://git-lfs.github.com/spec/v1', 'a pointer of Git LFS, not the file itself'],
    ['{"class_name": "Sequential"', 'JSON text'],
    ['', 'an empty file'],
    ['\x01\x02\x03\x04\x05', 'a file that begins with 01 02 03 04'],
  ])('of %j is %s', (head, expected) => expect(describeFile(bytesOf(head))).toBe(expected));

  it.each([
    ['zip/data.pkl', 'a PyTorch file'],
    ['archive/data/0', 'a PyTorch file'],
    ['metadata.json', 'a Keras file'],
    ['images/a.png', 'a zip archive'],
    ['x.npy', 'an archive of NumPy arrays (.npz)'],
  ])('of a zip that begins with %s is %s', (name, expected) =>
    expect(describeFile(zipSync({ [name]: strToU8('x') }))).toBe(expected),
  );

  it.each([
    ['text.gz', 'a gzip file'],
    ['ustar.tar', 'a tar archive'],
    ['float32.npy', 'a NumPy array'],
  ])('of %s is %s', (name, expected) => expect(describeFile(fixture(name))).toBe(expected));
});
