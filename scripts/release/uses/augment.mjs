import assert from 'node:assert';
import { augment, parseAugment } from '@convlens/augment';

const batch = {
  kind: 'image-batch',
  name: 'gray',
  epoch: 0,
  step: 0,
  pixels: new Uint8Array(2 * 8 * 8 * 3).fill(7),
  labels: Int32Array.of(0, 1),
  indices: Uint32Array.of(0, 1),
  count: 2,
  height: 8,
  width: 8,
  channels: 3,
  classNames: ['first', 'second'],
};
const source = augment(() => [batch], parseAugment('flip,cutout=4'), { seed: 1 });
const [augmented] = source(0);
assert.ok(augmented.pixels.some((value) => value !== 7));
