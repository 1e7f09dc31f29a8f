import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageSet } from '@convlens/core';
import { folderFiles } from '@convlens/image-set/node';
import { describe, expect, it } from 'vitest';
import { describeWith } from '../../../test/support/requirements.js';
import { loadGeneratedSvhn, loadMnist } from '../src/index.js';
import { expected, fixture, SMALL, storeOf } from './small-files.js';

const folder = process.env.CONVLENS_DATA_DIR ?? '';

const describeWithData = describeWith({
  name: 'data',
  isPresent: folder !== '' && existsSync(join(folder, 'mnist')),
  absence: 'CONVLENS_DATA_DIR names no folder with the real MNIST',
});

describe('loadGeneratedSvhn', () => {
  it('never changes: results are compared across machines', async () => {
    const store = await storeOf({
      't10k-images-idx3-ubyte': fixture('images-idx3-ubyte'),
      't10k-labels-idx1-ubyte': fixture('labels-idx1-ubyte'),
    });
    const set = await loadGeneratedSvhn(store, SMALL);
    expect([set.count, set.height, set.width, set.channels]).toEqual([3, 32, 32, 3]);
    expect([...set.labels!]).toEqual(expected.mnistLabels);
    expect(createHash('md5').update(set.pixels).digest('hex')).toBe(MD5_OF_FIXTURE);
  });
});

describeWithData('loadGeneratedSvhn on the real MNIST', () => {
  const source = folderFiles(folder);
  const load = (limit?: number) => loadGeneratedSvhn(source, { split: 'train', limit });

  it('shows the digits of MNIST with their labels, in two colors, the same for every limit', async () => {
    const count = 40;
    const houseNumbers = await load(count);
    const digits = await loadMnist(source, { split: 'train', limit: count });
    const { height, width, channels, name } = houseNumbers;
    expect([houseNumbers.count, height, width, channels]).toEqual([count, 32, 32, 3]);
    expect(name).toBe('generated house numbers, train');
    expect(houseNumbers.labels).toEqual(digits.labels);
    expect((await load(count)).pixels).toEqual(houseNumbers.pixels);
    for (let i = 0; i < count; i++)
      expect(bestCorrelation(i, { digits, houseNumbers })).toBeGreaterThan(0.85);
  });
});

/** The largest absolute correlation, over all shifts, of a digit with the middle of its house number. */
function bestCorrelation(
  index: number,
  { digits, houseNumbers }: { digits: ImageSet; houseNumbers: ImageSet },
): number {
  let best = 0;
  for (const top of [0, 1, 2, 3, 4])
    for (const left of [0, 1, 2, 3, 4]) {
      const pairs: [number, number][] = [];
      for (let row = 4; row < 24; row++)
        for (let column = 8; column < 20; column++) {
          const position = ((index * 32 + row + top) * 32 + column + left) * 3;
          pairs.push([digits.pixels[(index * 28 + row) * 28 + column], houseNumbers.pixels[position]]);
        }
      best = Math.max(best, Math.abs(correlation(pairs)));
    }
  return best;
}

function correlation(pairs: readonly [number, number][]): number {
  const mean = (value: (pair: readonly [number, number]) => number) =>
    pairs.reduce((sum, pair) => sum + value(pair), 0) / pairs.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  const covariance = mean(([x, y]) => (x - meanX) * (y - meanY));
  const [varianceX, varianceY] = [mean(([x]) => (x - meanX) ** 2), mean(([, y]) => (y - meanY) ** 2)];
  return covariance / Math.sqrt(varianceX * varianceY || 1);
}

// Computed by the implementation before it moved to this package, in @convlens/pipeline 0.1.0.
const MD5_OF_FIXTURE = '01d1b2d8a2f5a1648d5c91af5270621e';
