import type { ImageSet } from '../../src/index.js';

/** Two images of one pixel each. */
export const twoPixels: ImageSet = {
  kind: 'image-set',
  name: 'two pixels',
  pixels: Uint8Array.of(0, 51, 255, 102, 153, 204),
  labels: Int32Array.of(0, 1),
  count: 2,
  height: 1,
  width: 1,
  channels: 3,
  classNames: ['a', 'b'],
};
