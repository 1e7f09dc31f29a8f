import { readdirSync, readFileSync } from 'node:fs';
import type { ImageBatch } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import {
  affineMatrix,
  applyAugmentation,
  mixBatch,
  warp,
  type Augmentation,
  type FillMode,
  type Mixing,
} from '../src/index.js';
import reference from './fixtures/steps.json' with { type: 'json' };

const imageOf = (name: string) => {
  const { pixels, ...size } = reference.images[name as keyof typeof reference.images];
  return { ...size, pixels: Float32Array.from(pixels) };
};
const furthest = (got: ArrayLike<number>, expected: readonly number[]) => {
  expect(got.length).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - got[i])));
};

describe('applyAugmentation gives what others give at the same parameters', () => {
  it.each(reference.cases.map((one) => ({ ...one, drawn: JSON.stringify(one.augmentation) })))(
    '$source, $image: $drawn',
    ({ image, augmentation, expected }) => {
      const got = applyAugmentation(imageOf(image), augmentation as Partial<Augmentation>);
      // 1e-5 of the scale 0..255; rescale and standardize leave it, to values of about 1.
      const scale = Math.max(1, ...expected.map(Math.abs));
      expect(furthest(got, expected)).toBeLessThan(1e-5 * scale);
    },
  );

  it('covers every operation that there is', () => {
    const kinds = new Set(
      reference.cases.flatMap(({ augmentation }) =>
        ((augmentation as Partial<Augmentation>).after ?? []).map(({ kind }) => kind),
      ),
    );
    // All but noise, whose distribution is tested, and warps, which have cases of their own.
    expect([...kinds].sort().join()).toBe(
      'brightness,channelShift,contrast,crop,cutout,erasing,normalize,rescale,saturation,standardize',
    );
  });
});

describe('affineMatrix gives the matrix that Keras hands to SciPy', () => {
  it.each(reference.matrices)('$drawn', ({ drawn, matrix }) => {
    const got = affineMatrix(drawn, { height: 8, width: 8 });
    for (const field of ['xx', 'xy', 'x', 'yx', 'yy', 'y'] as const)
      expect(Math.abs(got[field] - matrix[field]), field).toBeLessThan(1e-13);
  });
});

describe('warp gives what scipy.ndimage.affine_transform gives, whatever the size', () => {
  it.each(reference.warps.map((one, number) => ({ ...one, number })))(
    '$number: $image, $fill, $interpolation',
    ({ image, fill, interpolation, matrix, expected }) => {
      const options = { matrix, fill: fill as FillMode, fillValue: 17 };
      const got = warp(imageOf(image), {
        ...options,
        interpolation: interpolation as 'bilinear' | 'nearest',
      });
      expect(furthest(got, expected)).toBeLessThan(1e-5 * 255);
    },
  );
});

describe('mixBatch gives the images and targets that torchvision gives', () => {
  const { shape, pixels, labels, classes } = reference.batch;
  const batch: ImageBatch = {
    kind: 'image-batch',
    name: 'four',
    epoch: 0,
    step: 0,
    indices: Uint32Array.of(0, 1, 2, 3),
    count: shape[0],
    height: shape[1],
    width: shape[2],
    channels: shape[3],
    classNames: Array.from({ length: classes }, (_, i) => `class ${i}`),
    labels: Int32Array.from(labels),
    pixels: Uint8Array.from(pixels),
  };

  it.each(reference.mixes)('$source: $mixing', ({ mixing, expected, targets }) => {
    const before = batch.pixels.slice();
    const mixed = mixBatch(batch, mixing as Mixing);
    expect(furthest(mixed.pixels, expected)).toBeLessThan(1e-5 * 255);
    expect(furthest(mixed.targets!, targets)).toBeLessThan(1e-6);
    expect(mixed.labels).toEqual(batch.labels);
    expect(batch.pixels).toEqual(before);
  });
});

it('has fixtures without a path or a date of the machine that made them', () => {
  const folder = new URL('fixtures/', import.meta.url);
  for (const file of readdirSync(folder))
    expect(readFileSync(new URL(file, folder), 'utf8')).not.toMatch(
      /\/(tmp|home|work|root)\/|20\d\d-\d\d-\d\d/,
    );
});
