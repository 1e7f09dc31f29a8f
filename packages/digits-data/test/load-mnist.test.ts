import { describe, expect, it } from 'vitest';
import { loadMnist } from '../src/index.js';
import { expected, fixture, SMALL, storeOf } from './small-files.js';

describe('loadMnist', () => {
  it.each([
    ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte', ''],
    ['mnist/t10k-images-idx3-ubyte.gz', 'mnist/t10k-labels-idx1-ubyte.gz', '.gz'],
    ['MNIST/raw/t10k-images.idx3-ubyte', 'MNIST/raw/t10k-labels.idx1-ubyte', ''],
  ])('reads %s', async (images, labels, suffix) => {
    const store = await storeOf({
      [images]: fixture(`images-idx3-ubyte${suffix}`),
      [labels]: fixture(`labels-idx1-ubyte${suffix}`),
    });
    const set = await loadMnist(store, SMALL);
    expect([...set.pixels]).toEqual(expected.mnist);
    expect([...set.labels!]).toEqual(expected.mnistLabels);
    expect((await loadMnist(store, { ...SMALL, limit: 2 })).count).toBe(2);
  });

  it('reports the position of a fault', async () => {
    const labels = fixture('labels-idx1-ubyte');
    labels[9] = 10;
    const files = {
      't10k-images-idx3-ubyte': fixture('images-idx3-ubyte'),
      't10k-labels-idx1-ubyte': labels,
    };
    await expect(loadMnist(await storeOf(files), SMALL)).rejects.toThrow(
      'memory/t10k-labels-idx1-ubyte: expected a label from 0 to 9 of image 1 at byte 9, found 10',
    );
    const swapped = { 't10k-images-idx3-ubyte': labels, 't10k-labels-idx1-ubyte': labels };
    await expect(loadMnist(await storeOf(swapped), SMALL)).rejects.toThrow(
      'expected the IDX header 0 0 8 3 at byte 0, found 0 0 8 1',
    );
  });

  it('refuses files that declare another number of images or labels', async () => {
    const images = fixture('images-idx3-ubyte');
    const labels = fixture('labels-idx1-ubyte');
    const load = async (files: { images?: Uint8Array; labels?: Uint8Array }, official = false) =>
      loadMnist(
        await storeOf({
          't10k-images-idx3-ubyte': files.images ?? images,
          't10k-labels-idx1-ubyte': files.labels ?? labels,
        }),
        { split: 'test', official },
      );
    await expect(load({}, true)).rejects.toThrow('expected 10,000 images at byte 16, found 3');
    const tooMany = images.slice();
    new DataView(tooMany.buffer).setUint32(4, 10_001);
    await expect(load({ images: tooMany })).rejects.toThrow(
      'expected 1 to 10,000 images at byte 16, found 10001',
    );
    const two = labels.slice();
    two[7] = 2;
    await expect(load({ labels: two })).rejects.toThrow('expected 3 labels at byte 4, found 2');
  });
});
