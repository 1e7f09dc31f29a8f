import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { folderFiles } from '@convlens/image-set/node';
import { expect, it } from 'vitest';
import { describeWith } from '../../../test/support/requirements.js';
import { loadDataset } from '../src/index.js';

const folder = process.env.CONVLENS_DATA_DIR ?? '';

const describeWithData = describeWith({
  name: 'data',
  isPresent: folder !== '' && existsSync(join(folder, 'mnist')),
  absence: 'CONVLENS_DATA_DIR names no folder with the real MNIST',
});

describeWithData('svhn-generated', () => {
  const reader = folderFiles(folder);
  const load = (limit?: number) => loadDataset('svhn-generated', { split: 'train', reader, limit });

  it('is the digits of MNIST with their labels, in two colours, the same ones however many are asked for', async () => {
    const count = 40;
    const numbers = await load(count);
    const digits = await loadDataset('mnist', { split: 'train', reader, limit: count });
    expect([numbers.count, numbers.height, numbers.width, numbers.channels]).toEqual([count, 32, 32, 3]);
    expect(numbers.name).toBe('generated house numbers, train');
    expect(numbers.labels).toEqual(digits.labels);
    expect((await load(count)).pixels).toEqual(numbers.pixels);
    for (let i = 0; i < count; i++) expect(bestCorrelation(i)).toBeGreaterThan(0.85);

    /** Of digit i with the middle of its house number, at the shift and of the sign that fit best. */
    function bestCorrelation(i: number): number {
      let best = 0;
      for (const top of [0, 1, 2, 3, 4])
        for (const left of [0, 1, 2, 3, 4]) {
          const pairs: [number, number][] = [];
          for (let row = 4; row < 24; row++)
            for (let column = 8; column < 20; column++) {
              const at = ((i * 32 + row + top) * 32 + column + left) * 3;
              pairs.push([digits.pixels[(i * 28 + row) * 28 + column], numbers.pixels[at]]);
            }
          best = Math.max(best, Math.abs(correlation(pairs)));
        }
      return best;
    }
  });
});

function correlation(pairs: readonly [number, number][]): number {
  const mean = (of: (pair: readonly [number, number]) => number) =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const [x, y] = [mean(([one]) => one), mean(([, other]) => other)];
  const covariance = mean(([one, other]) => (one - x) * (other - y));
  const [ofX, ofY] = [mean(([one]) => (one - x) ** 2), mean(([, other]) => (other - y) ** 2)];
  return covariance / Math.sqrt(ofX * ofY || 1);
}
