import { createHash } from 'node:crypto';
import type { Images } from '@convlens/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { imageChecksum, subset, take } from '../../src/index.js';
import { generateShapes } from '../../src/shapes.js';

const images = generateShapes({ count: 230 });

/** As the documentation describes it, with the SHA-256 of Node. */
function expectedChecksum({ height, width, channels, classNames, count, labels, pixels }: Images): string {
  const all = createHash('sha256').update(JSON.stringify([height, width, channels, classNames]));
  const size = height * width * channels;
  for (let start = 0; start < count; start += 100) {
    const block = createHash('sha256');
    const end = Math.min(start + 100, count);
    for (const label of labels?.slice(start, end) ?? []) {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(label);
      block.update(bytes);
    }
    all.update(block.update(pixels.slice(start * size, end * size) as Uint8Array).digest());
  }
  return all.digest('hex');
}

afterEach(() => vi.unstubAllGlobals());

describe('imageChecksum', () => {
  it.each([
    ['three blocks', images],
    ['two whole blocks', take(images, 200)],
    ['one image', take(images, 1)],
    ['a subset', subset(images, [5, 3, 200])],
  ])('is the SHA-256 of the SHA-256 of each hundred images: %s', async (_, set) => {
    expect(await imageChecksum(set)).toBe(expectedChecksum(set));
  });

  it('is the same where the platform has no SHA-256, as on pages that are not secure', async () => {
    vi.stubGlobal('crypto', undefined);
    expect(await imageChecksum(images)).toBe(expectedChecksum(images));
  });

  it('is another one with another pixel, label, order, size or class name, and the same with another name of the set', async () => {
    const pixels = images.pixels.slice();
    pixels[pixels.length - 1] ^= 1;
    const labels = Int32Array.from(images.labels, (label, i) => (i === 7 ? (label + 1) % 10 : label));
    const { height, width, classNames } = images;
    const sums = await Promise.all(
      [
        images,
        { ...images, pixels },
        { ...images, labels },
        { ...images, height: width * 2, width: height / 2 },
        { ...images, classNames: classNames.map((name, i) => (i ? name : 'sphere')) },
        take(images, 229),
        subset(images, [1, 0, ...Array.from({ length: 228 }, (_, i) => i + 2)]),
        { ...images, labels: undefined },
      ].map(imageChecksum),
    );
    expect(new Set(sums).size).toBe(sums.length);
    expect(await imageChecksum({ ...images, name: 'renamed' })).toBe(sums[0]);
  });
});
