import { describe, expect, it } from 'vitest';
import { affineMatrix, sampleAugmentation, type Augmentation, type Step } from '../../src/index.js';

const STEPS: Step[] = [
  { kind: 'flip' },
  { kind: 'shift', fraction: 0.1 },
  { kind: 'rotation', degrees: 15 },
  { kind: 'shear', degrees: 10 },
  { kind: 'zoom', fraction: 0.2 },
];
const COUNT = 20_000;
const samples = Array.from({ length: COUNT }, (_, index) =>
  sampleAugmentation(STEPS, { epoch: 2, index, height: 40, width: 20 }),
);
const valuesOf = (field: keyof Augmentation) => samples.map((sample) => Number(sample[field]));
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('sampleAugmentation', () => {
  // The ranges of Keras's get_random_transform.
  it.each([
    ['rotation', -15, 15],
    ['shiftColumns', -2, 2],
    ['shiftRows', -4, 4],
    ['shear', -10, 10],
    ['zoomColumns', 0.8, 1.2],
    ['zoomRows', 0.8, 1.2],
  ] as const)('samples %s uniformly from %d to %d', (field, low, high) => {
    const values = valuesOf(field);
    const range = high - low;
    expect(Math.min(...values)).toBeGreaterThanOrEqual(low);
    expect(Math.max(...values)).toBeLessThanOrEqual(high);
    const bins = new Array(20).fill(0);
    for (const value of values) bins[Math.min(19, Math.floor((20 * (value - low)) / range))]++;
    const chiSquare = bins.reduce((sum, count) => sum + (count - COUNT / 20) ** 2 / (COUNT / 20), 0);
    // 19 degrees of freedom: 0.1% of uniform samples exceed 43.8.
    expect(chiSquare).toBeLessThan(43.8);
  });

  it('flips half of the images', () => {
    expect(Math.abs(mean(valuesOf('flip')) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / COUNT));
  });

  it('alternates the flip of each image from epoch to epoch, after a random first epoch', () => {
    const flips = (epoch: number, seed = 0) =>
      Array.from({ length: 2000 }, (_, index) => {
        const steps: Step[] = [{ kind: 'flip', alternating: true }];
        return Number(sampleAugmentation(steps, { seed, epoch, index, height: 4, width: 4 }).flip);
      });
    const first = flips(0);
    const other = first.map((flip) => 1 - flip);
    expect([1, 2, 3, 10].map((epoch) => flips(epoch))).toEqual([other, first, other, first]);
    expect(Math.abs(mean(first) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 2000));
    // The first epoch is that of a flip without alternation, for the same seed.
    const withoutAlternation = (index: number) =>
      sampleAugmentation([{ kind: 'flip' }], { epoch: 0, index, height: 4, width: 4 }).flip;
    expect(first).toEqual(first.map((_, index) => Number(withoutAlternation(index))));
    expect(flips(0, 1)).not.toEqual(first);
  });

  it('samples each parameter independently of the others', () => {
    const fields = [
      'flip',
      'rotation',
      'shiftColumns',
      'shiftRows',
      'shear',
      'zoomColumns',
      'zoomRows',
    ] as const;
    const standard = fields.map((field) => {
      const values = valuesOf(field);
      const center = mean(values);
      const std = Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
      return values.map((value) => (value - center) / std);
    });
    for (let a = 0; a < fields.length; a++)
      for (let b = 0; b < a; b++) {
        const correlation = mean(standard[a].map((value, i) => value * standard[b][i]));
        expect(Math.abs(correlation), `${fields[a]}, ${fields[b]}`).toBeLessThan(4.5 / Math.sqrt(COUNT));
      }
  });

  it('depends on seed, epoch and index only', () => {
    const context = { seed: 1, epoch: 2, index: 3, height: 32, width: 32 };
    const sampled = sampleAugmentation(STEPS, context);
    expect(sampleAugmentation([...STEPS].reverse(), context)).toEqual(sampled);
    expect(sampleAugmentation([{ kind: 'rotation', degrees: 15 }], context).rotation).toBe(sampled.rotation);
    for (const other of [{ seed: 2 }, { epoch: 1 }, { index: 4 }])
      expect(sampleAugmentation(STEPS, { ...context, ...other }).rotation).not.toBe(sampled.rotation);
  });

  it('never changes: every saved run depends on these numbers', () => {
    const sampled = sampleAugmentation(STEPS, { seed: 1, epoch: 0, index: 0, height: 32, width: 32 });
    expect(sampled).toEqual(FIRST_OF_SEED_1);
  });

  it('returns plain data that survives structuredClone, the identity without steps', () => {
    const identity = sampleAugmentation([], { epoch: 0, index: 0, height: 1, width: 1 });
    expect(structuredClone(identity)).toEqual({
      flip: false,
      flipVertical: false,
      before: [],
      after: [],
      rotation: 0,
      shiftColumns: 0,
      shiftRows: 0,
      shear: 0,
      zoomColumns: 1,
      zoomRows: 1,
    });
    const size = { height: 3, width: 5 };
    expect(affineMatrix(identity, size)).toEqual(affineMatrix({}, size));
  });

  it.each<[unknown, string]>([
    [
      [{ kind: 'turn' }],
      'Expected steps[0].kind to be one of flip, verticalFlip, shift, widthShift, heightShift, rotation, shear, zoom, crop, cutout, erasing, brightness, contrast, saturation, channelShift, noise, rescale, standardize, normalize, mixup, cutmix, got "turn"',
    ],
    [
      [{ kind: 'flip' }, { kind: 'zoom' }],
      'Expected steps[1].fraction to be a number from 0 to 0.99, got undefined',
    ],
    [[{ kind: 'rotation', degrees: -1 }], 'Expected steps[0].degrees to be a number from 0 to 180, got -1'],
    [
      [{ kind: 'flip' }, { kind: 'flip' }],
      'Expected each kind of step once, got flip at steps[0] and steps[1]',
    ],
    ['flip', 'Expected steps to be an array, got string'],
    [[{ kind: 'cutout', siz: 8 }], 'Expected steps[0] to have only size, value, got siz'],
    [[{ kind: 'flip', often: 1 }], 'Expected steps[0] to have only alternating, got often'],
    [[{ kind: 'cutout', size: 0 }], 'Expected steps[0].size to be an integer from 1 to 10000, got 0'],
    [[{ kind: 'crop', padding: -1 }], 'Expected steps[0].padding to be an integer from 0 to 10000, got -1'],
    [
      [{ kind: 'crop', padding: 1, fill: 'wrap' }],
      'Expected steps[0].fill to be one of constant, nearest, reflect, got "wrap"',
    ],
    [
      [{ kind: 'erasing', probability: 2 }],
      'Expected steps[0].probability to be a number from 0 to 1, got 2',
    ],
    [[{ kind: 'erasing', areaLow: 0.9 }], 'Expected steps[0] to have areaLow <= areaHigh'],
    [[{ kind: 'erasing', ratioLow: 9 }], 'Expected steps[0] to have ratioLow <= ratioHigh'],
    [
      [{ kind: 'brightness', fraction: 1.5 }],
      'Expected steps[0].fraction to be a number from 0 to 1, got 1.5',
    ],
    [[{ kind: 'contrast', low: 1 }], 'Expected steps[0] to have either fraction or both low and high'],
    [
      [{ kind: 'saturation', fraction: 'x' }],
      'Expected steps[0].fraction to be a number from 0 to 1, got "x"',
    ],
    [
      [{ kind: 'channelShift', levels: 300 }],
      'Expected steps[0].levels to be a number from 0 to 255, got 300',
    ],
    [[{ kind: 'noise', std: NaN }], 'Expected steps[0].std to be a number from 0 to 255, got NaN'],
    [[{ kind: 'rescale' }], 'Expected steps[0].factor to be a number, got undefined'],
    [[{ kind: 'standardize', scale: 1 }], 'Expected steps[0].scale to be true or false, got 1'],
    [[{ kind: 'normalize', mean: [1], std: [0] }], 'Expected steps[0].std[0] to be a number >= 1e-9, got 0'],
    [[{ kind: 'normalize', mean: 1, std: [1] }], 'Expected steps[0].mean to be an array of numbers, got 1'],
    [[{ kind: 'mixup', alpha: 0 }], 'Expected steps[0].alpha to be a number from 0.01 to 100, got 0'],
    [[{ kind: 'cutmix', per: 'image' }], 'Expected steps[0].per to be one of sample, batch, got "image"'],
    [[{ kind: 'widthShift' }], 'Expected steps[0].limit to be a number >= 0, got undefined'],
    [[{ kind: 'heightShift', limit: 1, choices: [1] }], 'Expected steps[0] to have either limit or choices'],
  ])('refuses the steps %j', (steps, message) => {
    const context = { epoch: 0, index: 0, height: 1, width: 1 };
    expect(() => sampleAugmentation(steps as Step[], context)).toThrow(message);
  });
});

const FIRST_OF_SEED_1: Augmentation = {
  flip: false,
  flipVertical: false,
  before: [],
  after: [],
  rotation: 4.31793563766405,
  shiftColumns: 2.890030021965504,
  shiftRows: -0.5620527431368828,
  shear: 9.467051443643868,
  zoomColumns: 0.9529316906817258,
  zoomRows: 0.9373774797655642,
};
