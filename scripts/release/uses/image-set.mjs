import assert from 'node:assert';
import { batches, split } from '@convlens/image-set';
import { loadImages } from '@convlens/image-set/folder';
import { generateShapes } from '@convlens/image-set/shapes';

const images = generateShapes({ count: 100 });
const { remaining, heldOut } = split(images, { strategy: 'stratified', fraction: 0.1 });
assert.deepEqual([remaining.count, heldOut.count], [90, 10]);
const [first] = batches(remaining, { batchSize: 32, seed: 1 })(0);
assert.equal(first.pixels.length, 32 * 32 * 32 * 3);

// A gray square a line: nothing else needs to be installed.
const header = ['label', ...Array.from({ length: 64 }, (_, i) => `pixel${i}`)].join(',');
const lines = Array.from({ length: 10 }, (_, i) => [i % 2, ...Array(64).fill(i)].join(','));
const digits = await loadImages(new File([[header, ...lines].join('\n')], 'digits.csv'));
assert.deepEqual([digits.count, digits.height, digits.classNames], [10, 8, ['0', '1']]);
