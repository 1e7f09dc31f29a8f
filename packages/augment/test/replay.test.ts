import { randomAt } from '@convlens/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  affineMatrix,
  applyAugmentation,
  applyToMask,
  applyToPoint,
  augmentBatch,
  drawAugmentation,
  parseAugment,
  type Augmentation,
} from '../src/index.js';

const EVERYTHING = parseAugment(
  'noise=3,crop=2,flip,vflip,shift=0.1,shiftwidth=0.05,shiftheight=1:unit=pixel,rotate=15,shear=5,zoom=0.1,' +
    'cutout=3,erase=1,brightness=0.2,contrast=0.2,saturation=0.2,channelshift=20,rescale=0.01,standardize,normalize=0.1:std=2',
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
  it('does again what augment did to an image, from data that went through JSON', () => {
    const changed = augmentBatch(batch, EVERYTHING, { seed: 8, fill: 'reflect' });
    [5, 0, 77].forEach((index, i) => {
      const drawn = drawAugmentation(EVERYTHING, { seed: 8, epoch: 4, index, ...size });
      const stored: Augmentation = JSON.parse(JSON.stringify(drawn));
      expect(applyAugmentation(image(i), stored, { fill: 'reflect' })).toEqual(
        changed.pixels.slice(i * SIZE, (i + 1) * SIZE),
      );
      expect(stored.before.map(({ kind }) => kind)).toEqual(['noise', 'crop']);
      expect(stored.after.map(({ kind }) => kind)).toEqual(EVERYTHING.slice(10).map(({ kind }) => kind));
    });
  });

  it('puts the warp where the first step of geometry stands, and the others before and after it in their order', () => {
    const place = { epoch: 0, index: 0, height: 8, width: 8 };
    const drawn = drawAugmentation(parseAugment('noise=1,flip,contrast=0.1,rotate=5,crop=2'), place);
    expect(drawn.before.map(({ kind }) => kind)).toEqual(['noise']);
    expect(drawn.after.map(({ kind }) => kind)).toEqual(['contrast', 'crop']);
    const still = drawAugmentation(parseAugment('noise=1,contrast=0.1'), place);
    expect([still.before, still.after.map(({ kind }) => kind)]).toEqual([[], ['noise', 'contrast']]);
  });

  it('leaves the image it was given as it is', () => {
    const given = Float32Array.from(image(0).pixels);
    const before = given.slice();
    applyAugmentation({ ...image(0), pixels: given }, { after: [{ kind: 'noise', std: 9, seed: 1 }] });
    expect(given).toEqual(before);
  });

  it.each<[unknown, string]>([
    [{ rotation: NaN }, 'Expected augmentation.rotation to be a number, got NaN'],
    [{ flip: 1 }, 'Expected augmentation.flip to be true or false, got 1'],
    [{ turn: 1 }, 'Expected augmentation to have only flip, flipVertical, rotation'],
    [{ after: [{ kind: 'blur' }] }, 'Expected augmentation.after[0].kind to be one of crop, cutout'],
    [{ before: [{ kind: 'brightness' }] }, 'Expected augmentation.before[0].factor to be a number >= 0'],
    [
      { after: [{ kind: 'normalize', mean: [1, 2], std: [1] }] },
      'normalize.mean to be 1 or 3 numbers, got 2',
    ],
  ])('refuses %j', (augmentation, message) => {
    expect(() => applyAugmentation(image(0), augmentation as Partial<Augmentation>)).toThrow(message);
  });

  it('refuses to change the saturation of images of two channels', () => {
    const two = { height: 1, width: 1, channels: 2, pixels: Float32Array.of(1, 2) };
    expect(() => applyAugmentation(two, { after: [{ kind: 'saturation', factor: 2 }] })).toThrow(
      'Expected images of 1 or 3 channels to change saturation, got 2',
    );
  });
});

const change = fc.record({
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
  it('moves classes as the image is moved, makes no new ones, and keeps the kind of array', () => {
    const classes = Uint8Array.from({ length: 63 }, (_, i) => 10 * (i % 5));
    const mask = { ...size, channels: 1, pixels: classes };
    const drawn = drawAugmentation(EVERYTHING, { epoch: 0, index: 3, ...size });
    const moved = applyToMask(mask, drawn, { fillValue: 99 });
    expect(moved).toBeInstanceOf(Uint8Array);
    expect([...moved].every((value) => value === 99 || value % 10 === 0)).toBe(true);
    expect(applyToMask({ ...mask, pixels: Float32Array.from(classes) }, drawn)).toBeInstanceOf(Float32Array);
  });

  it('gives what applyAugmentation gives where nothing need be interpolated', () => {
    const drawn: Partial<Augmentation> = {
      flip: true,
      shiftRows: 2,
      before: [{ kind: 'crop', rows: 1, columns: -2, fill: 'constant', value: 0 }],
      after: [{ kind: 'crop', rows: -1, columns: 0, fill: 'reflect', value: 0 }],
    };
    expect([...applyToMask(image(1), drawn)]).toEqual([...applyAugmentation(image(1), drawn)]);
  });

  it('leaves values alone that only change in colour', () => {
    const drawn: Partial<Augmentation> = {
      after: [
        { kind: 'brightness', factor: 0 },
        { kind: 'cutout', top: 0, left: 0, height: 9, width: 9, value: 0 },
      ],
    };
    expect(applyToMask(image(0), drawn)).toEqual(image(0).pixels);
  });
});

describe('applyToPoint', () => {
  it('goes where the matrix looks from', () => {
    fc.assert(
      fc.property(change, fc.nat(8), fc.nat(6), (drawn, row, column) => {
        const { xx, xy, x, yx, yy, y } = affineMatrix(drawn, size);
        const at = applyToPoint({ row, column }, drawn, size);
        expect(xx * at.column + xy * at.row + x).toBeCloseTo(column, 6);
        expect(yx * at.column + yy * at.row + y).toBeCloseTo(row, 6);
      }),
    );
  });

  it('finds a bright pixel where the image shows it', () => {
    const pixels = new Uint8Array(63);
    pixels[3 * 7 + 4] = 200;
    const drawn: Partial<Augmentation> = {
      flip: true,
      flipVertical: true,
      shiftColumns: 1,
      before: [{ kind: 'crop', rows: 1, columns: -1, fill: 'constant', value: 0 }],
      after: [{ kind: 'crop', rows: 0, columns: 2, fill: 'constant', value: 0 }],
    };
    const at = applyToPoint({ row: 3, column: 4 }, drawn, size);
    const moved = applyAugmentation({ ...size, channels: 1, pixels }, drawn);
    expect(moved.indexOf(200)).toBe(at.row * 7 + at.column);
  });

  it('refuses a warp onto a line and numbers that are none', () => {
    expect(() => applyToPoint({ row: 0, column: 0 }, { zoomRows: 0 }, size)).toThrow('Expected a warp');
    expect(() => applyToPoint({ row: NaN, column: 0 }, {}, size)).toThrow('point.row');
  });
});
