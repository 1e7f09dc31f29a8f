import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyAugmentation,
  augmentBatch,
  sampleAugmentation,
  type FillMode,
  type Operation,
  type Step,
} from '../../src/index.js';
import reference from '../fixtures/steps.json' with { type: 'json' };

const COUNT = 20_000;
/** The operations of `step` for many images; undefined for an image that is not augmented. */
const sample = <K extends Operation['kind']>(step: Step & { kind: K }, { height = 32, width = 32 } = {}) =>
  Array.from({ length: COUNT }, (_, index) => {
    const { after } = sampleAugmentation([step], { epoch: 1, index, height, width });
    return after[0] as Extract<Operation, { kind: K }> | undefined;
  });
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Expects a uniform distribution on [low, high), by the test of Kolmogorov and Smirnov. */
function expectUniform(values: readonly number[], low: number, high: number) {
  const sorted = [...values].sort((a, b) => a - b);
  const distances = sorted.map((value, i) =>
    Math.abs((value - low) / (high - low) - (i + 0.5) / sorted.length),
  );
  // 0.1% of uniform samples exceed this distance.
  expect(Math.max(...distances)).toBeLessThan(1.95 / Math.sqrt(sorted.length));
}

/** Expects integers from low to high with equal frequencies. */
function expectEqualCounts(values: readonly number[], low: number, high: number) {
  const counts = new Array<number>(high - low + 1).fill(0);
  for (const value of values) counts[value - low]++;
  const expected = values.length / counts.length;
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
  for (const count of counts) expect(Math.abs(count - expected)).toBeLessThan(4.5 * Math.sqrt(expected));
}

describe('the sampled operations', () => {
  it.each(['brightness', 'contrast', 'saturation'] as const)('the factor of %s is uniform', (kind) => {
    expectUniform(
      sample({ kind, fraction: 0.3 }).map((operation) => operation!.factor),
      0.7,
      1.3,
    );
    expectUniform(
      sample({ kind, low: 0.5, high: 2 }).map((operation) => operation!.factor),
      0.5,
      2,
    );
  });

  it('a channel shift is uniform in both directions', () => {
    const operations = sample({ kind: 'channelShift', levels: 20 });
    expectUniform(
      operations.map((operation) => operation!.levels),
      -20,
      20,
    );
  });

  it('all positions of a crop are equally likely', () => {
    const operations = sample({ kind: 'crop', padding: 4 });
    expectEqualCounts(
      operations.map((operation) => operation!.rows),
      -4,
      4,
    );
    expectEqualCounts(
      operations.map((operation) => operation!.columns),
      -4,
      4,
    );
  });

  it('the center of a Cutout square is a uniform pixel, and the square is clipped at the border', () => {
    const operations = sample({ kind: 'cutout', size: 8 }, { height: 20, width: 30 });
    expectEqualCounts(
      operations.map((operation) => (operation!.top > 0 ? operation!.top + 4 : operation!.height - 4)),
      0,
      19,
    );
    expectEqualCounts(
      operations.map((operation) => (operation!.left > 0 ? operation!.left + 4 : operation!.width - 4)),
      0,
      29,
    );
    for (const operation of operations) {
      expect(
        operation!.height >= 4 && operation!.height <= 8 && operation!.width >= 4 && operation!.width <= 8,
      ).toBe(true);
      expect(operation!.top >= 0 && operation!.top + operation!.height <= 20).toBe(true);
      expect(operation!.left >= 0 && operation!.left + operation!.width <= 30).toBe(true);
    }
  });

  it('the area and the logarithm of the aspect ratio of an erased rectangle are uniform', () => {
    const step = { kind: 'erasing', probability: 1, areaLow: 0.02, areaHigh: 0.2 } as const;
    const operations = sample(step, { height: 4000, width: 4000 }).map((operation) => operation!);
    expectUniform(
      operations.map(({ height, width }) => (height * width) / 4000 ** 2),
      0.02,
      0.2,
    );
    expectUniform(
      operations.map(({ height, width }) => Math.log(height / width)),
      Math.log(0.3),
      Math.log(3.3),
    );
    expectUniform(
      operations.map(({ top, height }) => top / (4000 - height)),
      0,
      1,
    );
    expectUniform(
      operations.map(({ left, width }) => left / (4000 - width)),
      0,
      1,
    );
  });

  it('erasing has its probability, by default 0.5', () => {
    const fraction = (step: Step & { kind: 'erasing' }) => sample(step).filter(Boolean).length / COUNT;
    expect(Math.abs(fraction({ kind: 'erasing' }) - 0.5)).toBeLessThan(0.02);
    expect(Math.abs(fraction({ kind: 'erasing', probability: 0.1 }) - 0.1)).toBeLessThan(0.02);
    expect(fraction({ kind: 'erasing', probability: 0 })).toBe(0);
    // All ten attempts are as high as the image.
    expect(fraction({ kind: 'erasing', probability: 1, areaLow: 1, areaHigh: 1 })).toBe(0);
  });

  it('the random values of erasing are uniform on 0..255 and differ between images', () => {
    const operations = sample({ kind: 'erasing', probability: 1, areaLow: 0.1 }).slice(0, 40);
    const blank = { height: 32, width: 32, channels: 3, pixels: new Float32Array(3072).fill(-1) };
    const fillings = operations.map((operation) =>
      applyAugmentation(blank, { after: [operation!] }).filter((value) => value >= 0),
    );
    expectUniform(
      fillings.flatMap((filling) => [...filling]),
      0,
      255,
    );
    expect(new Set(fillings.map(([first]) => first)).size).toBe(40);
  });

  it('noise is normal with its standard deviation, and independent between values and images', () => {
    const std = 10;
    const gray = { height: 100, width: 101, channels: 3, pixels: new Uint8Array(30_300).fill(128) };
    const noiseOf = (index: number) => {
      const augmentation = sampleAugmentation([{ kind: 'noise', std }], {
        epoch: 0,
        index,
        height: 100,
        width: 101,
      });
      return Array.from(applyAugmentation(gray, augmentation), (value) => (value - 128) / std);
    };
    const values = noiseOf(0);
    const { points, cdf } = reference.normal;
    points.forEach((point, i) => {
      const fraction = values.filter((value) => value <= point).length / values.length;
      expect(Math.abs(fraction - cdf[i]), String(point)).toBeLessThan(1.95 / Math.sqrt(values.length));
    });
    const other = noiseOf(1);
    for (const shifted of [values.slice(1), values.slice(2), other]) {
      const correlation = mean(shifted.map((value, i) => value * values[i]));
      expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(shifted.length));
    }
  });

  it('a shift along one axis is uniform up to its limit, or one of its choices in either direction', () => {
    const shifts = (step: Step) =>
      Array.from({ length: COUNT }, (_, index) =>
        sampleAugmentation([step], { epoch: 0, index, height: 40, width: 20 }),
      );
    expectUniform(
      shifts({ kind: 'widthShift', limit: 0.1 }).map(({ shiftColumns }) => shiftColumns),
      -2,
      2,
    );
    expectUniform(
      shifts({ kind: 'heightShift', limit: 3, unit: 'pixel' }).map(({ shiftRows }) => shiftRows),
      -3,
      3,
    );
    const choices = shifts({ kind: 'heightShift', choices: [1, 2], unit: 'pixel' }).map(
      ({ shiftRows }) => shiftRows,
    );
    for (const value of [-2, -1, 1, 2])
      expect(Math.abs(choices.filter((choice) => choice === value).length / COUNT - 0.25)).toBeLessThan(
        0.015,
      );
    expect(shifts({ kind: 'widthShift', limit: 0.1 }).every(({ shiftRows }) => shiftRows === 0)).toBe(true);
  });

  it('the factors of zoom are uniform from low to high', () => {
    const augmentations = Array.from({ length: COUNT }, (_, index) =>
      sampleAugmentation([{ kind: 'zoom', low: 0.5, high: 0.9 }], { epoch: 0, index, height: 8, width: 8 }),
    );
    expectUniform(
      augmentations.map(({ zoomColumns }) => zoomColumns),
      0.5,
      0.9,
    );
    expectUniform(
      augmentations.map(({ zoomRows }) => zoomRows),
      0.5,
      0.9,
    );
  });

  it('a vertical flip has probability 0.5', () => {
    const flips = Array.from(
      { length: COUNT },
      (_, index) =>
        sampleAugmentation([{ kind: 'verticalFlip' }], { epoch: 0, index, height: 8, width: 8 }).flipVertical,
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
  it('a flip applied twice is the identity: horizontal, vertical and both', () => {
    fc.assert(
      fc.property(image, fc.boolean(), fc.boolean(), (input, flip, flipVertical) => {
        const once = applyAugmentation(input, { flip, flipVertical });
        expect([...applyAugmentation({ ...input, pixels: once }, { flip, flipVertical })]).toEqual([
          ...input.pixels,
        ]);
      }),
    );
  });

  it('steps at their identity are exact', () => {
    const identities: Step[] = [
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
      fc.property(image, fc.constantFrom(...identities), (input, step) => {
        const { height, width } = input;
        const augmentation = sampleAugmentation([step], { epoch: 0, index: 0, height, width });
        expect([...applyAugmentation(input, augmentation)]).toEqual([...input.pixels]);
      }),
    );
  });

  it('an image of one value stays equal to the last bit under all steps that move pixels', () => {
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
    const fillModes = fc.constantFrom<FillMode>('nearest', 'reflect', 'wrap');
    fc.assert(
      fc.property(image, fc.nat(255), fc.nat(1000), fillModes, (input, level, index, fillMode) => {
        const { height, width } = input;
        const augmentation = sampleAugmentation(steps, { epoch: 0, index, height, width });
        const constant = { ...input, pixels: new Uint8Array(input.pixels.length).fill(level) };
        expect([...applyAugmentation(constant, augmentation, { fillMode })]).toEqual([...constant.pixels]);
      }),
    );
  });

  it('labels, targets and all other fields of a batch are kept; pixels are a new Float32Array', () => {
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
      const augmented = augmentBatch({ ...batch, pixels }, steps);
      expect(augmented).toEqual({ ...batch, pixels: augmented.pixels });
      expect(augmented.labels).toBe(batch.labels);
      expect(augmented.pixels).toBeInstanceOf(Float32Array);
      expect(augmented.pixels).not.toBe(pixels);
      expect([...pixels].every((value) => value === 9)).toBe(true);
    }
  });
});
