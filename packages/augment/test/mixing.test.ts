import { randomAt, type ImageBatch } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { augmentBatch, drawMixing, mixBatch, type Step } from '../src/index.js';
import reference from './fixtures/steps.json' with { type: 'json' };

const CLASSES = 4;
const SIZE = 6 * 5 * 3;

function batchOf(indices: number[], { epoch = 0, step = 0 } = {}): ImageBatch {
  const random = randomAt(1);
  const levels = Array.from({ length: 200 * SIZE }, () => Math.floor(256 * random()));
  return {
    kind: 'image-batch',
    name: 'noise',
    epoch,
    step,
    indices: Uint32Array.from(indices),
    count: indices.length,
    height: 6,
    width: 5,
    channels: 3,
    classNames: ['a', 'b', 'c', 'd'],
    labels: Int32Array.from(indices, (index) => index % CLASSES),
    pixels: Uint8Array.from(indices.flatMap((index) => levels.slice(index * SIZE, (index + 1) * SIZE))),
  };
}
const first = (count: number) => Array.from({ length: count }, (_, i) => i);
const rowOf = (values: ArrayLike<number>, i: number, size: number) =>
  Array.from(values).slice(i * size, (i + 1) * size);
const draw = (step: Step, indices: number[], place = {}) =>
  drawMixing([step], { epoch: 0, step: 0, indices, height: 32, width: 32, ...place })[0];

describe('drawMixing', () => {
  it.each(reference.beta.distributions)(
    'draws the weights of mixup from Beta($alpha, $alpha), as SciPy has it',
    ({ alpha, cdf }) => {
      const { weights } = draw({ kind: 'mixup', alpha }, first(20_000));
      const furthest = reference.beta.at.map((at, i) =>
        Math.abs(weights.filter((weight) => weight <= at).length / weights.length - cdf[i]),
      );
      // Kolmogorov and Smirnov: 0.1% of samples of 20,000 lie further off than 1.95 / sqrt(20,000).
      expect(Math.max(...furthest)).toBeLessThan(1.95 / Math.sqrt(20_000));
      for (const weight of weights) expect(weight >= 0 && weight <= 1).toBe(true);
    },
  );

  it('draws finite weights for the smallest alpha, nearly all of them 0 or 1', () => {
    const { weights } = draw({ kind: 'mixup', alpha: 0.01 }, first(5000));
    expect(weights.every((weight) => weight >= 0 && weight <= 1)).toBe(true);
    expect(weights.filter((weight) => weight < 0.01 || weight > 0.99).length).toBeGreaterThan(4500);
  });

  it('takes rectangles of cutmix whose area is the part of the label that goes', () => {
    const { weights, boxes } = draw({ kind: 'cutmix' }, first(5000));
    weights.forEach((weight, i) => {
      const { top, left, height, width } = boxes![i];
      expect(weight).toBe(1 - (height * width) / 1024);
      expect(top >= 0 && left >= 0 && top + height <= 32 && left + width <= 32).toBe(true);
    });
    // Beta(1, 1) is uniform, and a quarter of the area is cut off on average, a bit more or less by whole pixels.
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
    expect(mean).toBeGreaterThan(0.55);
    expect(mean).toBeLessThan(0.75);
  });

  it('pairs every image with another place, each place once, any pair as often as others', () => {
    const counts = first(8).map(() => first(8).map(() => 0));
    for (let step = 0; step < 4000; step++) {
      const { partners } = draw({ kind: 'mixup' }, first(8), { step });
      expect([...partners].sort()).toEqual(first(8));
      partners.forEach((partner, i) => counts[i][partner]++);
    }
    for (const count of counts.flat()) expect(Math.abs(count - 500)).toBeLessThan(4.5 * Math.sqrt(500));
  });

  it('depends on seed, epoch, step and the images, not on their order', () => {
    const steps: Step[] = [{ kind: 'mixup' }, { kind: 'cutmix' }];
    const place = { seed: 1, epoch: 2, step: 3, indices: [7, 4, 9, 2, 11], height: 32, width: 32 };
    const drawn = drawMixing(steps, place);
    expect(drawMixing(steps, place)).toEqual(drawn);
    for (const other of [{ seed: 2 }, { epoch: 1 }, { step: 4 }])
      expect(drawMixing(steps, { ...place, ...other })).not.toEqual(drawn);
    expect(structuredClone(drawn)).toEqual(drawn);
  });

  it('gives the batch one weight and box with per: "batch", each image its own without', () => {
    for (const kind of ['mixup', 'cutmix'] as const) {
      expect(new Set(draw({ kind, per: 'batch', alpha: 1 }, first(64)).weights).size).toBe(1);
      expect(new Set(draw({ kind, alpha: 1 }, first(64)).weights).size).toBeGreaterThan(30);
    }
    const weights = first(200).map(
      (step) => draw({ kind: 'mixup', per: 'batch', alpha: 1 }, [0, 1], { step }).weights[0],
    );
    expect(new Set(weights).size).toBe(200);
  });

  it('leaves alone what the probability says', () => {
    for (const kind of ['mixup', 'cutmix'] as const) {
      const { weights } = draw({ kind, alpha: 1, probability: 0.3 }, first(5000));
      const alone = weights.filter((weight) => weight === 1).length;
      // Small rectangles of cutmix may hold no pixel.
      expect(alone / 5000).toBeGreaterThan(0.68);
      expect(alone / 5000).toBeLessThan(0.73);
    }
  });
});

describe('augmentBatch with mixup and cutmix', () => {
  it.each<Step>([{ kind: 'mixup', alpha: 1 }, { kind: 'cutmix' }, { kind: 'cutmix', per: 'batch' }])(
    'does what drawMixing and mixBatch do: %o',
    (step) => {
      const batch = batchOf([3, 8, 1, 20], { epoch: 2, step: 5 });
      const { epoch, indices, height, width } = batch;
      const [mixing] = drawMixing([step], { seed: 4, epoch, step: 5, indices, height, width });
      const mixed = augmentBatch(batch, [step], { seed: 4 });
      expect(mixed).toEqual(mixBatch({ ...batch, pixels: Float32Array.from(batch.pixels) }, mixing));
      expect(mixed.pixels).not.toEqual(Float32Array.from(batch.pixels));
      expect(mixed.labels).toBe(batch.labels);
      for (let i = 0; i < 4; i++) {
        const target = rowOf(mixed.targets!, i, CLASSES);
        expect(target.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
        expect(target[batch.labels![i]]).toBeGreaterThanOrEqual(mixing.weights[i] - 1e-6);
      }
    },
  );

  it('gives an image the same mixture wherever it stands in its batch', () => {
    const steps: Step[] = [{ kind: 'flip' }, { kind: 'mixup', alpha: 1 }, { kind: 'cutmix' }];
    const order = [3, 8, 1, 20, 12, 5];
    const turned = [20, 5, 3, 12, 8, 1];
    const one = augmentBatch(batchOf(order), steps, { seed: 1 });
    const other = augmentBatch(batchOf(turned), steps, { seed: 1 });
    order.forEach((index, i) => {
      const j = turned.indexOf(index);
      expect(rowOf(one.pixels, i, SIZE)).toEqual(rowOf(other.pixels, j, SIZE));
      expect(rowOf(one.targets!, i, CLASSES)).toEqual(rowOf(other.targets!, j, CLASSES));
    });
  });

  it('mixes what the other steps made, wherever they stand, and soft targets that are there already', () => {
    const mix: Step = { kind: 'mixup' };
    const bright: Step = { kind: 'contrast', low: 3, high: 3 };
    const batch = batchOf([3, 8, 1, 20]);
    const targets = Float32Array.from({ length: 16 }, () => 1 / CLASSES);
    const before = augmentBatch({ ...batch, targets }, [mix, bright]);
    expect(before).toEqual(augmentBatch({ ...batch, targets }, [bright, mix]));
    expect([...before.targets!].every((value) => Math.abs(value - 0.25) < 1e-6)).toBe(true);
  });

  it('refuses batches without labels and mixings that do not fit', () => {
    const { labels, ...bare } = batchOf([0, 1]);
    expect(labels).toHaveLength(2);
    expect(() => augmentBatch(bare, [{ kind: 'mixup' }])).toThrow(
      'Expected labelled images to mix, got noise',
    );
    const batch = batchOf([0, 1]);
    const wrong = [
      [{ kind: 'mixup', partners: [0], weights: [1, 1] }, 'mixing.partners.length'],
      [
        { kind: 'mixup', partners: [0, 2], weights: [1, 1] },
        'mixing.partners[1] to be an integer from 0 to 1, got 2',
      ],
      [
        { kind: 'mixup', partners: [0, 1], weights: [1, 1.5] },
        'mixing.weights[1] to be a number from 0 to 1, got 1.5',
      ],
      [{ kind: 'cutmix', partners: [0, 1], weights: [1, 1] }, 'mixing.boxes.length'],
    ] as const;
    for (const [mixing, message] of wrong) expect(() => mixBatch(batch, mixing)).toThrow(message);
    const short = { ...batch, targets: new Float32Array(3) };
    expect(() => augmentBatch(short, [{ kind: 'mixup' }])).toThrow('batch.targets.length');
  });
});
