import { describe, expect, it } from 'vitest';
import { drawAugmentation, type Augmentation, type Step } from '../src/index.js';

const STEPS: Step[] = [
  { kind: 'flip' },
  { kind: 'shift', fraction: 0.1 },
  { kind: 'rotation', degrees: 15 },
  { kind: 'shear', degrees: 10 },
  { kind: 'zoom', fraction: 0.2 },
];
const COUNT = 20_000;
const many = Array.from({ length: COUNT }, (_, index) =>
  drawAugmentation(STEPS, { epoch: 2, index, height: 40, width: 20 }),
);
const of = (field: keyof Augmentation) => many.map((drawn) => Number(drawn[field]));
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('drawAugmentation', () => {
  // The ranges that Keras's get_random_transform draws from, and the moments of a uniform distribution.
  it.each([
    ['rotation', -15, 15],
    ['shiftColumns', -2, 2],
    ['shiftRows', -4, 4],
    ['shear', -10, 10],
    ['zoomColumns', 0.8, 1.2],
    ['zoomRows', 0.8, 1.2],
  ] as const)('draws %s uniformly from %d to %d', (field, low, high) => {
    const values = of(field);
    const spread = high - low;
    expect(Math.min(...values)).toBeGreaterThanOrEqual(low);
    expect(Math.max(...values)).toBeLessThanOrEqual(high);
    const bins = new Array(20).fill(0);
    for (const value of values) bins[Math.min(19, Math.floor((20 * (value - low)) / spread))]++;
    const chiSquare = bins.reduce((sum, count) => sum + (count - COUNT / 20) ** 2 / (COUNT / 20), 0);
    // 19 degrees of freedom: 0.1% of uniform samples lie above 43.8.
    expect(chiSquare).toBeLessThan(43.8);
  });

  it('flips half of the images', () => {
    expect(Math.abs(mean(of('flip')) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / COUNT));
  });

  it('with alternating flips shows each image from the other side in the next epoch, begun by chance', () => {
    const flips = (epoch: number, seed = 0) =>
      Array.from({ length: 2000 }, (_, index) => {
        const steps: Step[] = [{ kind: 'flip', alternating: true }];
        return Number(drawAugmentation(steps, { seed, epoch, index, height: 4, width: 4 }).flip);
      });
    const first = flips(0);
    const other = first.map((flip) => 1 - flip);
    expect([1, 2, 3, 10].map((epoch) => flips(epoch))).toEqual([other, first, other, first]);
    expect(Math.abs(mean(first) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 2000));
    // The first epoch is that of a plain flip, of the same seed.
    const plain = (index: number) =>
      drawAugmentation([{ kind: 'flip' }], { epoch: 0, index, height: 4, width: 4 }).flip;
    expect(first).toEqual(first.map((_, index) => Number(plain(index))));
    expect(flips(0, 1)).not.toEqual(first);
  });

  it('draws each parameter independently of the others', () => {
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
      const values = of(field);
      const centre = mean(values);
      const std = Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
      return values.map((value) => (value - centre) / std);
    });
    for (let a = 0; a < fields.length; a++)
      for (let b = 0; b < a; b++) {
        const correlation = mean(standard[a].map((value, i) => value * standard[b][i]));
        expect(Math.abs(correlation), `${fields[a]}, ${fields[b]}`).toBeLessThan(4.5 / Math.sqrt(COUNT));
      }
  });

  it('depends on seed, epoch and index, and on nothing else', () => {
    const place = { seed: 1, epoch: 2, index: 3, height: 32, width: 32 };
    const drawn = drawAugmentation(STEPS, place);
    expect(drawAugmentation([...STEPS].reverse(), place)).toEqual(drawn);
    expect(drawAugmentation([{ kind: 'rotation', degrees: 15 }], place).rotation).toBe(drawn.rotation);
    for (const other of [{ seed: 2 }, { epoch: 1 }, { index: 4 }])
      expect(drawAugmentation(STEPS, { ...place, ...other }).rotation).not.toBe(drawn.rotation);
  });

  it('never changes: these numbers are part of every saved run', () => {
    const drawn = drawAugmentation(STEPS, { seed: 1, epoch: 0, index: 0, height: 32, width: 32 });
    expect(drawn).toEqual(FIRST_OF_SEED_1);
  });

  it('gives plain data that survives structuredClone, no change for no step', () => {
    const nothing = drawAugmentation([], { epoch: 0, index: 0, height: 1, width: 1 });
    expect(structuredClone(nothing)).toEqual({
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
    const place = { epoch: 0, index: 0, height: 1, width: 1 };
    expect(() => drawAugmentation(steps as Step[], place)).toThrow(message);
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
