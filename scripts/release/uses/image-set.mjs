import assert from 'node:assert';
import { batches, split } from '@convlens/image-set';
import { generateShapes } from '@convlens/image-set/shapes';

const images = generateShapes({ count: 100 });
const { remaining, heldOut } = split(images, { strategy: 'stratified', fraction: 0.1 });
assert.deepEqual([remaining.count, heldOut.count], [90, 10]);
const [first] = batches(remaining, { batchSize: 32, seed: 1 })(0);
assert.equal(first.pixels.length, 32 * 32 * 32 * 3);
