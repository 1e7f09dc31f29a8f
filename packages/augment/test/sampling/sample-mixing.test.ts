import { randomAt, type ImageBatch } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { augmentBatch, sampleMixing, mixBatch, type Step } from '../../src/index.js';
import reference from '../fixtures/steps.json' with { type: 'json' };

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
const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const rowOf = (values: ArrayLike<number>, i: number, size: number) =>
  Array.from(values).slice(i * size, (i + 1) * size);
const sample = (step: Step, indices: number[], context = {}) =>
  sampleMixing([step], { epoch: 0, step: 0, indices, height: 32, width: 32, ...context })[0];

describe('sampleMixing', () => {
  it.each(reference.beta.distributions)(
    'samples the lambdas of mixup from Beta($alpha, $alpha), as in SciPy',
    ({ alpha, cdf }) => {
      const { lambdas } = sample({ kind: 'mixup', alpha }, range(20_000));
      const distances = reference.beta.points.map((point, i) =>
        Math.abs(lambdas.filter((lambda) => lambda <= point).length / lambdas.length - cdf[i]),
      );
      // Kolmogorov and Smirnov: for 0.1% of samples of 20,000 the distance exceeds 1.95 / sqrt(20,000).
      expect(Math.max(...distances)).toBeLessThan(1.95 / Math.sqrt(20_000));
      for (const lambda of lambdas) expect(lambda >= 0 && lambda <= 1).toBe(true);
    },
  );

  it('samples finite lambdas for the smallest alpha, nearly all of them 0 or 1', () => {
    const { lambdas } = sample({ kind: 'mixup', alpha: 0.01 }, range(5000));
    expect(lambdas.every((lambda) => lambda >= 0 && lambda <= 1)).toBe(true);
    expect(lambdas.filter((lambda) => lambda < 0.01 || lambda > 0.99).length).toBeGreaterThan(4500);
  });

  it('samples boxes of cutmix whose area is 1 - lambda', () => {
    const { lambdas, boxes } = sample({ kind: 'cutmix' }, range(5000));
    lambdas.forEach((lambda, i) => {
      const { top, left, height, width } = boxes![i];
      expect(lambda).toBe(1 - (height * width) / 1024);
      expect(top >= 0 && left >= 0 && top + height <= 32 && left + width <= 32).toBe(true);
    });
    // Beta(1, 1) is uniform, and about a quarter of the area is outside the image on average.
    const mean = lambdas.reduce((sum, lambda) => sum + lambda, 0) / lambdas.length;
    expect(mean).toBeGreaterThan(0.55);
    expect(mean).toBeLessThan(0.75);
  });

  it('pairs every image with a partner, each partner once, and all pairs with equal frequency', () => {
    const counts = range(8).map(() => range(8).map(() => 0));
    for (let step = 0; step < 4000; step++) {
      const { partners } = sample({ kind: 'mixup' }, range(8), { step });
      expect([...partners].sort()).toEqual(range(8));
      partners.forEach((partner, i) => counts[i][partner]++);
    }
    for (const count of counts.flat()) expect(Math.abs(count - 500)).toBeLessThan(4.5 * Math.sqrt(500));
  });

  it('depends on seed, epoch, step and the images of the batch', () => {
    const steps: Step[] = [{ kind: 'mixup' }, { kind: 'cutmix' }];
    const context = { seed: 1, epoch: 2, step: 3, indices: [7, 4, 9, 2, 11], height: 32, width: 32 };
    const sampled = sampleMixing(steps, context);
    expect(sampleMixing(steps, context)).toEqual(sampled);
    for (const other of [{ seed: 2 }, { epoch: 1 }, { step: 4 }])
      expect(sampleMixing(steps, { ...context, ...other })).not.toEqual(sampled);
    expect(structuredClone(sampled)).toEqual(sampled);
  });

  it('samples one lambda and box per batch with per: "batch", else one per image', () => {
    for (const kind of ['mixup', 'cutmix'] as const) {
      expect(new Set(sample({ kind, per: 'batch', alpha: 1 }, range(64)).lambdas).size).toBe(1);
      expect(new Set(sample({ kind, alpha: 1 }, range(64)).lambdas).size).toBeGreaterThan(30);
    }
    const lambdas = range(200).map(
      (step) => sample({ kind: 'mixup', per: 'batch', alpha: 1 }, [0, 1], { step }).lambdas[0],
    );
    expect(new Set(lambdas).size).toBe(200);
  });

  it('mixes with its probability', () => {
    for (const kind of ['mixup', 'cutmix'] as const) {
      const { lambdas } = sample({ kind, alpha: 1, probability: 0.3 }, range(5000));
      const unmixed = lambdas.filter((lambda) => lambda === 1).length;
      // Small boxes of cutmix may hold no pixel.
      expect(unmixed / 5000).toBeGreaterThan(0.68);
      expect(unmixed / 5000).toBeLessThan(0.73);
    }
  });
});

describe('augmentBatch with mixup and cutmix', () => {
  it.each<Step>([{ kind: 'mixup', alpha: 1 }, { kind: 'cutmix' }, { kind: 'cutmix', per: 'batch' }])(
    'is equal to sampleMixing and mixBatch: %o',
    (step) => {
      const batch = batchOf([3, 8, 1, 20], { epoch: 2, step: 5 });
      const { epoch, indices, height, width } = batch;
      const [mixing] = sampleMixing([step], { seed: 4, epoch, step: 5, indices, height, width });
      const mixed = augmentBatch(batch, [step], { seed: 4 });
      expect(mixed).toEqual(mixBatch({ ...batch, pixels: Float32Array.from(batch.pixels) }, mixing));
      expect(mixed.pixels).not.toEqual(Float32Array.from(batch.pixels));
      expect(mixed.labels).toBe(batch.labels);
      for (let i = 0; i < 4; i++) {
        const target = rowOf(mixed.targets!, i, CLASSES);
        expect(target.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
        expect(target[batch.labels![i]]).toBeGreaterThanOrEqual(mixing.lambdas[i] - 1e-6);
      }
    },
  );

  it('mixes an image independently of its position in the batch', () => {
    const steps: Step[] = [{ kind: 'flip' }, { kind: 'mixup', alpha: 1 }, { kind: 'cutmix' }];
    const order = [3, 8, 1, 20, 12, 5];
    const shuffled = [20, 5, 3, 12, 8, 1];
    const one = augmentBatch(batchOf(order), steps, { seed: 1 });
    const other = augmentBatch(batchOf(shuffled), steps, { seed: 1 });
    order.forEach((index, i) => {
      const j = shuffled.indexOf(index);
      expect(rowOf(one.pixels, i, SIZE)).toEqual(rowOf(other.pixels, j, SIZE));
      expect(rowOf(one.targets!, i, CLASSES)).toEqual(rowOf(other.targets!, j, CLASSES));
    });
  });

  it('mixes after all other steps, whatever their order, and mixes existing soft targets', () => {
    const mix: Step = { kind: 'mixup' };
    const contrast: Step = { kind: 'contrast', low: 3, high: 3 };
    const batch = batchOf([3, 8, 1, 20]);
    const targets = Float32Array.from({ length: 16 }, () => 1 / CLASSES);
    const mixed = augmentBatch({ ...batch, targets }, [mix, contrast]);
    expect(mixed).toEqual(augmentBatch({ ...batch, targets }, [contrast, mix]));
    expect([...mixed.targets!].every((value) => Math.abs(value - 0.25) < 1e-6)).toBe(true);
  });

  it('refuses batches without labels and mixings that do not fit the batch', () => {
    const { labels, ...unlabeled } = batchOf([0, 1]);
    expect(labels).toHaveLength(2);
    expect(() => augmentBatch(unlabeled, [{ kind: 'mixup' }])).toThrow(
      'Expected labeled images to mix, got noise',
    );
    const batch = batchOf([0, 1]);
    const invalid = [
      [{ kind: 'mixup', partners: [0], lambdas: [1, 1] }, 'mixing.partners.length'],
      [
        { kind: 'mixup', partners: [0, 2], lambdas: [1, 1] },
        'mixing.partners[1] to be an integer from 0 to 1, got 2',
      ],
      [
        { kind: 'mixup', partners: [0, 1], lambdas: [1, 1.5] },
        'mixing.lambdas[1] to be a number from 0 to 1, got 1.5',
      ],
      [{ kind: 'cutmix', partners: [0, 1], lambdas: [1, 1] }, 'mixing.boxes.length'],
    ] as const;
    for (const [mixing, message] of invalid) expect(() => mixBatch(batch, mixing)).toThrow(message);
    const short = { ...batch, targets: new Float32Array(3) };
    expect(() => augmentBatch(short, [{ kind: 'mixup' }])).toThrow('batch.targets.length');
  });
});
