import type { ImageSet } from '@convlens/core';
import { generateShapes } from '@convlens/image-set/shapes';
import { createDocument } from '@convlens/render-d3/node';
import type { LoadImages } from '../../src/plan.js';

/** Generated shapes in the format of MNIST: gray, 28 x 28. */
export const load: LoadImages = async ({ split, limit }): Promise<ImageSet> => {
  const count = split === 'train' ? Math.min(240, limit ?? Infinity) : 220;
  const shapes = generateShapes({ split, count, seed: 0 });
  const pixels = new Uint8Array(count * 28 * 28);
  for (let i = 0; i < count; i++)
    for (let row = 0; row < 28; row++)
      for (let column = 0; column < 28; column++) {
        const offset = ((i * 32 + row + 2) * 32 + column + 2) * 3;
        const [red, green, blue] = shapes.pixels.subarray(offset, offset + 3);
        pixels[(i * 28 + row) * 28 + column] = (red + green + blue) / 3;
      }
  return { ...shapes, name: `gray shapes, ${split}`, pixels, height: 28, width: 28, channels: 1 };
};

export const options = {
  load,
  document: createDocument(),
  backend: 'simd',
  versions: { convlens: 'live' },
  detail: 'brief',
} as const;
