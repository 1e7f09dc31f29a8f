import assert from 'node:assert';
import { preprocess, randomAt, UNIT_RANGE } from '@convlens/core';

const images = {
  name: 'two pixels',
  pixels: Uint8Array.of(0, 255),
  count: 2,
  height: 1,
  width: 1,
  channels: 1,
  classNames: [],
};
assert.deepEqual([...preprocess(images, UNIT_RANGE)], [0, 1]);
assert.equal(randomAt(1, 'a')(), randomAt(1, 'a')());
