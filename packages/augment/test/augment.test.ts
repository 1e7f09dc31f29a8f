import type { BatchSource, ImageBatch } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { affineMatrix, augment, augmentBatch, sampleAugmentation, warp, type Step } from '../src/index.js';

const STEPS: Step[] = [
  { kind: 'flip' },
  { kind: 'shift', fraction: 0.1 },
  { kind: 'rotation', degrees: 15 },
  { kind: 'zoom', fraction: 0.1 },
];
const SIZE = 8 * 8 * 3;

/** Images whose pixels are a function of their index. */
function batchOf(indices: number[], { epoch = 0, step = 0 } = {}): ImageBatch {
  return {
    kind: 'image-batch',
    name: 'ramps',
    epoch,
    step,
    indices: Uint32Array.from(indices),
    count: indices.length,
    height: 8,
    width: 8,
    channels: 3,
    classNames: ['a', 'b'],
    labels: Int32Array.from(indices, (index) => index % 2),
    pixels: Uint8Array.from({ length: indices.length * SIZE }, (_, i) => {
      return (37 * indices[Math.floor(i / SIZE)] + 11 * (i % SIZE)) % 256;
    }),
  };
}

const imageOf = (batch: ImageBatch, i: number) => [...batch.pixels.subarray(i * SIZE, (i + 1) * SIZE)];

describe('augmentBatch', () => {
  it('returns a Float32Array on the scale 0..255 and keeps all other fields', () => {
    const batch = batchOf([4, 9, 2], { epoch: 3, step: 5 });
    const before = batch.pixels.slice();
    const changed = augmentBatch(batch, STEPS, { seed: 1 });
    expect(changed).toEqual({ ...batch, pixels: changed.pixels });
    expect(changed.pixels).toBeInstanceOf(Float32Array);
    expect(Math.max(...changed.pixels)).toBeGreaterThan(200);
    expect(batch.pixels).toEqual(before);
  });

  it('augments an image by its index, whatever its batch and the order of the steps', () => {
    const batch = augmentBatch(batchOf([4, 9, 2]), STEPS, { seed: 1 });
    const other = augmentBatch(batchOf([2, 4]), [...STEPS].reverse(), { seed: 1 });
    expect(imageOf(other, 0)).toEqual(imageOf(batch, 2));
    expect(imageOf(other, 1)).toEqual(imageOf(batch, 0));
  });

  it('can be replayed for one image with sampleAugmentation, affineMatrix and warp', () => {
    const batch = batchOf([4, 9], { epoch: 7 });
    const augmentation = sampleAugmentation(STEPS, { seed: 3, epoch: 7, index: 9, height: 8, width: 8 });
    const image = { ...batch, count: 1, pixels: batch.pixels.subarray(SIZE) };
    const replayed = warp(image, { matrix: affineMatrix(augmentation, image), fillMode: 'reflect' });
    expect([...replayed]).toEqual(imageOf(augmentBatch(batch, STEPS, { seed: 3, fillMode: 'reflect' }), 1));
  });

  it('differs for another seed or epoch', () => {
    const first = imageOf(augmentBatch(batchOf([0]), STEPS), 0);
    expect(imageOf(augmentBatch(batchOf([0]), STEPS, { seed: 1 }), 0)).not.toEqual(first);
    expect(imageOf(augmentBatch(batchOf([0], { epoch: 1 }), STEPS), 0)).not.toEqual(first);
  });

  it('changes nothing without steps, and flips exactly', () => {
    const batch = batchOf(Array.from({ length: 40 }, (_, i) => i));
    expect([...augmentBatch(batch, []).pixels]).toEqual([...batch.pixels]);
    const flipped = augmentBatch(batch, [{ kind: 'flip' }]);
    let flips = 0;
    for (let i = 0; i < batch.count; i++) {
      const pixels = imageOf(batch, i);
      const mirrored = pixels.map((_, p) => pixels[p + (7 - 2 * (Math.floor(p / 3) % 8)) * 3]);
      const isFlipped = imageOf(flipped, i).every((value, p) => value === mirrored[p]);
      if (isFlipped) flips++;
      else expect(imageOf(flipped, i)).toEqual(pixels);
    }
    expect(flips).toBeGreaterThan(8);
    expect(flips).toBeLessThan(32);
  });

  it('refuses an unknown fill mode, a fill value out of range and a wrong number of indices', () => {
    expect(() => augmentBatch(batchOf([0]), STEPS, { fillMode: 'zero' as never })).toThrow(
      'nearest, reflect',
    );
    expect(() => augmentBatch(batchOf([0]), STEPS, { fillValue: 256 })).toThrow('fillValue');
    const short = { ...batchOf([0, 1]), indices: Uint32Array.of(0) };
    expect(() => augmentBatch(short, STEPS)).toThrow('Expected batch.indices.length');
  });
});

describe('augment', () => {
  const batches = (epoch: number) => [batchOf([0, 1], { epoch }), batchOf([2], { epoch, step: 1 })];

  it('augments every batch of a synchronous source, each time it is iterated', () => {
    const changed = augment(batches, STEPS, { seed: 1 })(4);
    const expected = batches(4).map((batch) => augmentBatch(batch, STEPS, { seed: 1 }));
    expect([...changed]).toEqual(expected);
    expect([...changed]).toEqual(expected);
  });

  it('augments every batch of an asynchronous source', async () => {
    const source = async function* (epoch: number) {
      yield* batches(epoch);
    };
    const augmented = augment(source, STEPS, { seed: 1 })(4);
    expect(Symbol.iterator in augmented).toBe(false);
    const changed: ImageBatch[] = [];
    for await (const batch of augmented) changed.push(batch);
    expect(changed).toEqual(batches(4).map((batch) => augmentBatch(batch, STEPS, { seed: 1 })));
  });

  it('can be iterated by for and by for await if the source is synchronous', async () => {
    const both = (epoch: number) => ({
      *[Symbol.iterator]() {
        yield* batches(epoch);
      },
      async *[Symbol.asyncIterator]() {
        yield* batches(epoch);
      },
    });
    for (const source of [batches, both]) {
      const augmented: BatchSource = augment(source, STEPS, { seed: 1 });
      const changed: ImageBatch[] = [];
      for await (const batch of augmented(4)) changed.push(batch);
      expect([...augment(source, STEPS, { seed: 1 })(4)]).toEqual(changed);
    }
  });

  it('refuses invalid steps at once, not at the first batch', () => {
    expect(() => augment(batches, [{ kind: 'zoom', fraction: 2 }])).toThrow('steps[0].fraction');
  });
});
