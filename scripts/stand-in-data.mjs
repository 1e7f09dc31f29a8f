import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

/*
 * Small data sets that stand in for real ones where commands are run.
 */

function write(folder, name, content) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** A PNG of 8 x 8 pixels of one color. */
function png(color) {
  const size = 8;
  const row = [0, ...Array(size).fill(color).flat()];
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const numbers = Buffer.alloc(8);
    numbers.writeUInt32BE(data.length, 0);
    numbers.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([numbers.subarray(0, 4), body, numbers.subarray(4)]);
  };
  const header = Buffer.from([0, 0, 0, size, 0, 0, 0, size, 8, 2, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.from(Array(size).fill(row).flat()));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The folder `images` with 15 PNGs of each of two classes. */
export function writeImages(folder) {
  for (let i = 0; i < 15; i++) {
    write(folder, `images/blue/${i}.png`, png([i, 17 * i, 255 - 9 * i]));
    write(folder, `images/red/${i}.png`, png([255 - 9 * i, 10 * i, 20]));
  }
}

/** A stand-in for MNIST in its official lengths: the bright rows of an image follow from its label. */
export function writeMnist(folder) {
  for (const [prefix, count] of [
    ['train', 60_000],
    ['t10k', 10_000],
  ]) {
    const images = Buffer.alloc(16 + count * 784);
    const labels = Buffer.alloc(8 + count);
    images.set([0, 0, 8, 3]);
    labels.set([0, 0, 8, 1]);
    [count, 28, 28].forEach((size, i) => images.writeUInt32BE(size, 4 + 4 * i));
    labels.writeUInt32BE(count, 4);
    for (let i = 0; i < count; i++) {
      const label = (i * 7 + (i >> 4)) % 10;
      labels[8 + i] = label;
      const start = 16 + i * 784 + label * 56;
      images.fill(100 + (i % 150), start, start + 84);
    }
    write(folder, `mnist/${prefix}-images-idx3-ubyte`, images);
    write(folder, `mnist/${prefix}-labels-idx1-ubyte`, labels);
  }
}
