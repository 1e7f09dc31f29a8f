import { randomAt } from '@convlens/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  affineMatrix,
  applyAugmentation,
  applyToMask,
  applyToPoint,
  augmentBatch,
  sampleAugmentation,
  parseAugment,
  type Augmentation,
} from '../../src/index.js';

const ALL_STEPS = parseAugment(
  'noise=3,crop=2,flip,vflip,shift=0.1,shiftwidth=0.05,shiftheight=1:unit=pixel,rotate=15,shear=5,zoom=0.1,' +
    'cutout=3,erase=1,brightness=0.2,contrast=0.2,saturation=0.2,channelshift=20,rescale=0.01,standardize,' +
    'normalize=0.1:std=2',
);
const SIZE = 9 * 7 * 3;
const random = randomAt(1);
const pixels = Uint8Array.from({ length: 3 * SIZE }, () => 256 * random());
const batch = {
  kind: 'image-batch',
  name: 'noise',
  epoch: 4,
  step: 0,
  indices: Uint32Array.of(5, 0, 77),
  count: 3,
  height: 9,
  width: 7,
  channels: 3,
  classNames: [],
  pixels,
} as const;
const image = (i: number) => ({ ...batch, pixels: pixels.subarray(i * SIZE, (i + 1) * SIZE) });
const size = { height: 9, width: 7 };

describe('applyAugmentation', () => {
  it('repeats what augment did to an image, from parameters that were serialized as JSON', () => {
    const augmented = augmentBatch(batch, ALL_STEPS, { seed: 8, fillMode: 'reflect' });
    [5, 0, 77].forEach((index, i) => {
      const sampled = sampleAugmentation(ALL_STEPS, { seed: 8, epoch: 4, index, ...size });
      const stored: Augmentation = JSON.parse(JSON.stringify(sampled));
      expect(applyAugmentation(image(i), stored, { fillMode: 'reflect' })).toEqual(
        augmented.pixels.slice(i * SIZE, (i + 1) * SIZE),
      );
      expect(stored.before.map(({ kind }) => kind)).toEqual(['noise', 'crop']);
      expect(stored.after.map(({ kind }) => kind)).toEqual(ALL_STEPS.slice(10).map(({ kind }) => kind));
    });
  });

  it('applies the warp at the first geometry step, and the other steps before and after it', () => {
    const context = { epoch: 0, index: 0, height: 8, width: 8 };
    const augmentation = sampleAugmentation(
      parseAugment('noise=1,flip,contrast=0.1,rotate=5,crop=2'),
      context,
    );
    expect(augmentation.before.map(({ kind }) => kind)).toEqual(['noise']);
    expect(augmentation.after.map(({ kind }) => kind)).toEqual(['contrast', 'crop']);
    const withoutWarp = sampleAugmentation(parseAugment('noise=1,contrast=0.1'), context);
    expect([withoutWarp.before, withoutWarp.after.map(({ kind }) => kind)]).toEqual([
      [],
      ['noise', 'contrast'],
    ]);
  });

  it('does not change its input', () => {
    const input = Float32Array.from(image(0).pixels);
    const before = input.slice();
    applyAugmentation({ ...image(0), pixels: input }, { after: [{ kind: 'noise', std: 9, seed: 1 }] });
    expect(input).toEqual(before);
  });

  it.each<[unknown, string]>([
    [{ rotation: NaN }, 'Expected augmentation.rotation to be a number, got NaN'],
    [{ flip: 1 }, 'Expected augmentation.flip to be true or false, got 1'],
    [{ angle: 1 }, 'Expected augmentation to have only flip, flipVertical, rotation'],
    [{ after: [{ kind: 'blur' }] }, 'Expected augmentation.after[0].kind to be one of crop, cutout'],
    [{ before: [{ kind: 'brightness' }] }, 'Expected augmentation.before[0].factor to be a number >= 0'],
    [
      { after: [{ kind: 'normalize', mean: [1, 2], std: [1] }] },
      'normalize.mean to be 1 or 3 numbers, got 2',
    ],
  ])('refuses %j', (augmentation, message) => {
    expect(() => applyAugmentation(image(0), augmentation as Partial<Augmentation>)).toThrow(message);
  });

  it('refuses to change the saturation of an image of two channels', () => {
    const twoChannels = { height: 1, width: 1, channels: 2, pixels: Float32Array.of(1, 2) };
    expect(() => applyAugmentation(twoChannels, { after: [{ kind: 'saturation', factor: 2 }] })).toThrow(
      'Expected images of 1 or 3 channels to change saturation, got 2',
    );
  });
});

const geometry = fc.record({
  flip: fc.boolean(),
  flipVertical: fc.boolean(),
  rotation: fc.double({ min: -180, max: 180, noNaN: true }),
  shiftColumns: fc.double({ min: -5, max: 5, noNaN: true }),
  shiftRows: fc.double({ min: -5, max: 5, noNaN: true }),
  shear: fc.double({ min: -60, max: 60, noNaN: true }),
  zoomColumns: fc.double({ min: 0.2, max: 3, noNaN: true }),
  zoomRows: fc.double({ min: 0.2, max: 3, noNaN: true }),
});

describe('applyToMask', () => {
  it('moves classes as the image is moved, adds no class, and keeps the array type', () => {
    const classes = Uint8Array.from({ length: 63 }, (_, i) => 10 * (i % 5));
    const mask = { ...size, channels: 1, pixels: classes };
    const augmentation = sampleAugmentation(ALL_STEPS, { epoch: 0, index: 3, ...size });
    const moved = applyToMask(mask, augmentation, { fillValue: 99 });
    expect(moved).toBeInstanceOf(Uint8Array);
    expect([...moved].every((value) => value === 99 || value % 10 === 0)).toBe(true);
    expect(applyToMask({ ...mask, pixels: Float32Array.from(classes) }, augmentation)).toBeInstanceOf(
      Float32Array,
    );
  });

  it('is equal to applyAugmentation where nothing is interpolated', () => {
    const augmentation: Partial<Augmentation> = {
      flip: true,
      shiftRows: 2,
      before: [{ kind: 'crop', rows: 1, columns: -2, fill: 'constant', value: 0 }],
      after: [{ kind: 'crop', rows: -1, columns: 0, fill: 'reflect', value: 0 }],
    };
    expect([...applyToMask(image(1), augmentation)]).toEqual([...applyAugmentation(image(1), augmentation)]);
  });

  it('ignores operations that only change values', () => {
    const augmentation: Partial<Augmentation> = {
      after: [
        { kind: 'brightness', factor: 0 },
        { kind: 'cutout', top: 0, left: 0, height: 9, width: 9, value: 0 },
      ],
    };
    expect(applyToMask(image(0), augmentation)).toEqual(image(0).pixels);
  });
});

describe('applyToPoint', () => {
  it('is the inverse of the affine matrix', () => {
    fc.assert(
      fc.property(geometry, fc.nat(8), fc.nat(6), (augmentation, row, column) => {
        const { xx, xy, x, yx, yy, y } = affineMatrix(augmentation, size);
        const moved = applyToPoint({ row, column }, augmentation, size);
        expect(xx * moved.column + xy * moved.row + x).toBeCloseTo(column, 6);
        expect(yx * moved.column + yy * moved.row + y).toBeCloseTo(row, 6);
      }),
    );
  });

  it('finds the position of a bright pixel', () => {
    const pixels = new Uint8Array(63);
    pixels[3 * 7 + 4] = 200;
    const augmentation: Partial<Augmentation> = {
      flip: true,
      flipVertical: true,
      shiftColumns: 1,
      before: [{ kind: 'crop', rows: 1, columns: -1, fill: 'constant', value: 0 }],
      after: [{ kind: 'crop', rows: 0, columns: 2, fill: 'constant', value: 0 }],
    };
    const moved = applyToPoint({ row: 3, column: 4 }, augmentation, size);
    const augmented = applyAugmentation({ ...size, channels: 1, pixels }, augmentation);
    expect(augmented.indexOf(200)).toBe(moved.row * 7 + moved.column);
  });

  it('refuses a warp that is not invertible and a coordinate that is not a number', () => {
    expect(() => applyToPoint({ row: 0, column: 0 }, { zoomRows: 0 }, size)).toThrow(
      'Expected an invertible warp',
    );
    expect(() => applyToPoint({ row: NaN, column: 0 }, {}, size)).toThrow('point.row');
    expect(() => applyToPoint({ row: 0, column: 0 }, {}, { ...size, height: 0 })).toThrow('Expected height');
    expect(() => applyToPoint({ row: 0, column: 0 }, {}, { ...size, width: 0 })).toThrow('Expected width');
  });
});
