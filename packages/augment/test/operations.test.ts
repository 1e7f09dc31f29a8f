import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyAugmentation,
  augmentBatch,
  drawAugmentation,
  type Operation,
  type Step,
} from '../src/index.js';
import reference from './fixtures/steps.json' with { type: 'json' };

const COUNT = 20_000;
/** What `step` draws for many images; none for those that are left alone. */
const draw = <K extends Operation['kind']>(step: Step & { kind: K }, { height = 32, width = 32 } = {}) =>
  Array.from({ length: COUNT }, (_, index) => {
    const { after } = drawAugmentation([step], { epoch: 1, index, height, width });
    return after[0] as Extract<Operation, { kind: K }> | undefined;
  });
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Numbers on [low, high) that are uniform: their distance to the uniform distribution (Kolmogorov and Smirnov). */
function expectUniform(values: readonly number[], low: number, high: number) {
  const sorted = [...values].sort((a, b) => a - b);
  const furthest = sorted.map((value, i) =>
    Math.abs((value - low) / (high - low) - (i + 0.5) / sorted.length),
  );
  // 0.1% of uniform samples lie further off.
  expect(Math.max(...furthest)).toBeLessThan(1.95 / Math.sqrt(sorted.length));
}

/** Whole numbers from low to high, each as often as the others. */
function expectEven(values: readonly number[], low: number, high: number) {
  const counts = new Array<number>(high - low + 1).fill(0);
  for (const value of values) counts[value - low]++;
  const expected = values.length / counts.length;
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
  for (const count of counts) expect(Math.abs(count - expected)).toBeLessThan(4.5 * Math.sqrt(expected));
}

describe('what is drawn', () => {
  it.each(['brightness', 'contrast', 'saturation'] as const)('a factor of %s is uniform', (kind) => {
    expectUniform(
      draw({ kind, fraction: 0.3 }).map((drawn) => drawn!.factor),
      0.7,
      1.3,
    );
    expectUniform(
      draw({ kind, low: 0.5, high: 2 }).map((drawn) => drawn!.factor),
      0.5,
      2,
    );
  });

  it('a channel shift is uniform, either way', () => {
    const drawn = draw({ kind: 'channelShift', levels: 20 });
    expectUniform(
      drawn.map((one) => one!.levels),
      -20,
      20,
    );
  });

  it('a crop stands at any of the places that the padding leaves', () => {
    const drawn = draw({ kind: 'crop', padding: 4 });
    expectEven(
      drawn.map((one) => one!.rows),
      -4,
      4,
    );
    expectEven(
      drawn.map((one) => one!.columns),
      -4,
      4,
    );
  });

  it('a square of Cutout has its centre at any pixel, and is cut off at the border', () => {
    const drawn = draw({ kind: 'cutout', size: 8 }, { height: 20, width: 30 });
    expectEven(
      drawn.map((one) => (one!.top > 0 ? one!.top + 4 : one!.height - 4)),
      0,
      19,
    );
    expectEven(
      drawn.map((one) => (one!.left > 0 ? one!.left + 4 : one!.width - 4)),
      0,
      29,
    );
    for (const one of drawn) {
      expect(one!.height >= 4 && one!.height <= 8 && one!.width >= 4 && one!.width <= 8).toBe(true);
      expect(one!.top >= 0 && one!.top + one!.height <= 20).toBe(true);
      expect(one!.left >= 0 && one!.left + one!.width <= 30).toBe(true);
    }
  });

  it('an erased rectangle has an area and a logarithm of its ratio that are uniform, within the image', () => {
    const step = { kind: 'erasing', probability: 1, areaLow: 0.02, areaHigh: 0.2 } as const;
    const drawn = draw(step, { height: 4000, width: 4000 }).map((one) => one!);
    expectUniform(
      drawn.map(({ height, width }) => (height * width) / 4000 ** 2),
      0.02,
      0.2,
    );
    expectUniform(
      drawn.map(({ height, width }) => Math.log(height / width)),
      Math.log(0.3),
      Math.log(3.3),
    );
    expectUniform(
      drawn.map(({ top, height }) => top / (4000 - height)),
      0,
      1,
    );
    expectUniform(
      drawn.map(({ left, width }) => left / (4000 - width)),
      0,
      1,
    );
  });

  it('erasing happens with its probability, 0.5 unless told otherwise', () => {
    const part = (step: Step & { kind: 'erasing' }) => draw(step).filter(Boolean).length / COUNT;
    expect(Math.abs(part({ kind: 'erasing' }) - 0.5)).toBeLessThan(0.02);
    expect(Math.abs(part({ kind: 'erasing', probability: 0.1 }) - 0.1)).toBeLessThan(0.02);
    expect(part({ kind: 'erasing', probability: 0 })).toBe(0);
    // A rectangle as high as the image is tried ten times, then none.
    expect(part({ kind: 'erasing', probability: 1, areaLow: 1, areaHigh: 1 })).toBe(0);
  });

  it('a random filling of erasing is uniform on 0..255, another for every image', () => {
    const drawn = draw({ kind: 'erasing', probability: 1, areaLow: 0.1 }).slice(0, 40);
    const blank = { height: 32, width: 32, channels: 3, pixels: new Float32Array(3072).fill(-1) };
    const fillings = drawn.map((one) =>
      applyAugmentation(blank, { after: [one!] }).filter((value) => value >= 0),
    );
    expectUniform(
      fillings.flatMap((filling) => [...filling]),
      0,
      255,
    );
    expect(new Set(fillings.map(([first]) => first)).size).toBe(40);
  });

  it('noise is normal, with the standard deviation asked for, independent from value to value and image to image', () => {
    const std = 10;
    const grey = { height: 100, width: 101, channels: 3, pixels: new Uint8Array(30_300).fill(128) };
    const noiseOf = (index: number) => {
      const drawn = drawAugmentation([{ kind: 'noise', std }], { epoch: 0, index, height: 100, width: 101 });
      return Array.from(applyAugmentation(grey, drawn), (value) => (value - 128) / std);
    };
    const one = noiseOf(0);
    const { at, cdf } = reference.normal;
    at.forEach((level, i) => {
      const part = one.filter((value) => value <= level).length / one.length;
      expect(Math.abs(part - cdf[i]), String(level)).toBeLessThan(1.95 / Math.sqrt(one.length));
    });
    const other = noiseOf(1);
    for (const shifted of [one.slice(1), one.slice(2), other]) {
      const correlation = mean(shifted.map((value, i) => value * one[i]));
      expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(shifted.length));
    }
  });

  it('a shift along one axis is uniform up to its limit, in parts or pixels, or one of its choices either way', () => {
    const shifts = (step: Step) =>
      Array.from({ length: COUNT }, (_, index) =>
        drawAugmentation([step], { epoch: 0, index, height: 40, width: 20 }),
      );
    expectUniform(
      shifts({ kind: 'widthShift', limit: 0.1 }).map((drawn) => drawn.shiftColumns),
      -2,
      2,
    );
    expectUniform(
      shifts({ kind: 'heightShift', limit: 3, unit: 'pixel' }).map((drawn) => drawn.shiftRows),
      -3,
      3,
    );
    const chosen = shifts({ kind: 'heightShift', choices: [1, 2], unit: 'pixel' }).map(
      (drawn) => drawn.shiftRows,
    );
    for (const value of [-2, -1, 1, 2])
      expect(Math.abs(chosen.filter((one) => one === value).length / COUNT - 0.25)).toBeLessThan(0.015);
    expect(shifts({ kind: 'widthShift', limit: 0.1 }).every((drawn) => drawn.shiftRows === 0)).toBe(true);
  });

  it('zoom takes the factors from low to high', () => {
    const drawn = Array.from({ length: COUNT }, (_, index) =>
      drawAugmentation([{ kind: 'zoom', low: 0.5, high: 0.9 }], { epoch: 0, index, height: 8, width: 8 }),
    );
    expectUniform(
      drawn.map((one) => one.zoomColumns),
      0.5,
      0.9,
    );
    expectUniform(
      drawn.map((one) => one.zoomRows),
      0.5,
      0.9,
    );
  });

  it('a vertical flip comes every other time', () => {
    const flips = Array.from(
      { length: COUNT },
      (_, index) =>
        drawAugmentation([{ kind: 'verticalFlip' }], { epoch: 0, index, height: 8, width: 8 }).flipVertical,
    );
    expect(Math.abs(flips.filter(Boolean).length / COUNT - 0.5)).toBeLessThan(0.015);
  });
});

const image = fc
  .record({
    height: fc.integer({ min: 1, max: 7 }),
    width: fc.integer({ min: 1, max: 7 }),
    channels: fc.constantFrom(1, 3),
  })
  .chain(({ height, width, channels }) => {
    const length = height * width * channels;
    return fc.record({
      height: fc.constant(height),
      width: fc.constant(width),
      channels: fc.constant(channels),
      pixels: fc.uint8Array({ minLength: length, maxLength: length }),
    });
  });

describe('properties', () => {
  it('flipped twice is the identity, left to right, top to bottom and both', () => {
    fc.assert(
      fc.property(image, fc.boolean(), fc.boolean(), (one, flip, flipVertical) => {
        const once = applyAugmentation(one, { flip, flipVertical });
        expect([...applyAugmentation({ ...one, pixels: once }, { flip, flipVertical })]).toEqual([
          ...one.pixels,
        ]);
      }),
    );
  });

  it('steps that change nothing are exact', () => {
    const still: Step[] = [
      { kind: 'rotation', degrees: 0 },
      { kind: 'shift', fraction: 0 },
      { kind: 'zoom', fraction: 0 },
      { kind: 'shear', degrees: 0 },
      { kind: 'crop', padding: 0 },
      { kind: 'erasing', probability: 0 },
      { kind: 'brightness', fraction: 0 },
      { kind: 'contrast', fraction: 0 },
      { kind: 'saturation', fraction: 0 },
      { kind: 'channelShift', levels: 0 },
      { kind: 'noise', std: 0 },
      { kind: 'rescale', factor: 1 },
      { kind: 'normalize', mean: [0], std: [1] },
    ];
    fc.assert(
      fc.property(image, fc.constantFrom(...still), (one, step) => {
        const { height, width } = one;
        const drawn = drawAugmentation([step], { epoch: 0, index: 0, height, width });
        expect([...applyAugmentation(one, drawn)]).toEqual([...one.pixels]);
      }),
    );
  });

  it('an image of one value stays what it is, bit for bit, under all that moves or blends', () => {
    const steps: Step[] = [
      { kind: 'flip' },
      { kind: 'verticalFlip' },
      { kind: 'shift', fraction: 0.3 },
      { kind: 'rotation', degrees: 180 },
      { kind: 'shear', degrees: 30 },
      { kind: 'zoom', fraction: 0.5 },
      { kind: 'crop', padding: 3, fill: 'reflect' },
      { kind: 'channelShift', levels: 50 },
    ];
    const seen = fc.constantFrom('nearest', 'reflect', 'wrap' as const);
    fc.assert(
      fc.property(image, fc.nat(255), fc.nat(1000), seen, (one, level, index, fill) => {
        const { height, width } = one;
        const drawn = drawAugmentation(steps, { epoch: 0, index, height, width });
        const constant = { ...one, pixels: new Uint8Array(one.pixels.length).fill(level) };
        expect([...applyAugmentation(constant, drawn, { fill: fill as 'nearest' })]).toEqual([
          ...constant.pixels,
        ]);
      }),
    );
  });

  it('labels, targets and whatever else a batch has are kept; pixels are a Float32Array of their own', () => {
    const batch = {
      kind: 'image-batch',
      name: 'two',
      epoch: 0,
      step: 0,
      steps: 9,
      indices: Uint32Array.of(4, 5),
      count: 2,
      height: 4,
      width: 4,
      channels: 1,
      classNames: ['a', 'b'],
      labels: Int32Array.of(0, 1),
      targets: Float32Array.of(0.5, 0.5, 0, 1),
    } as const;
    const steps: Step[] = [
      { kind: 'cutout', size: 2 },
      { kind: 'crop', padding: 1 },
      { kind: 'noise', std: 3 },
    ];
    for (const pixels of [new Uint8Array(32).fill(9), new Float32Array(32).fill(9)]) {
      const changed = augmentBatch({ ...batch, pixels }, steps);
      expect(changed).toEqual({ ...batch, pixels: changed.pixels });
      expect(changed.labels).toBe(batch.labels);
      expect(changed.pixels).toBeInstanceOf(Float32Array);
      expect(changed.pixels).not.toBe(pixels);
      expect([...pixels].every((value) => value === 9)).toBe(true);
    }
  });
});
