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
      'Expected steps[0].kind to be one of flip, shift, rotation, shear, zoom, got "turn"',
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
  ])('refuses the steps %j', (steps, message) => {
    const place = { epoch: 0, index: 0, height: 1, width: 1 };
    expect(() => drawAugmentation(steps as Step[], place)).toThrow(message);
  });
});

const FIRST_OF_SEED_1: Augmentation = {
  flip: false,
  rotation: 4.31793563766405,
  shiftColumns: 2.890030021965504,
  shiftRows: -0.5620527431368828,
  shear: 9.467051443643868,
  zoomColumns: 0.9529316906817258,
  zoomRows: 0.9373774797655642,
};
