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
  type Interpolation,
  type Mixing,
} from '../../src/index.js';
import reference from '../fixtures/steps.json' with { type: 'json' };

const imageOf = (name: string) => {
  const { pixels, ...size } = reference.images[name as keyof typeof reference.images];
  return { ...size, pixels: Float32Array.from(pixels) };
};
const maxError = (actual: ArrayLike<number>, expected: readonly number[]) => {
  expect(actual.length).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - actual[i])));
};

describe('applyAugmentation is equal to the reference at the same parameters', () => {
  it.each(reference.cases.map((test) => ({ ...test, title: JSON.stringify(test.augmentation) })))(
    '$source, $image: $title',
    ({ image, augmentation, expected }) => {
      const augmented = applyAugmentation(imageOf(image), augmentation as Partial<Augmentation>);
      // 1e-5 of the scale: 0..255, or about 1 after rescale and standardize.
      const scale = Math.max(1, ...expected.map(Math.abs));
      expect(maxError(augmented, expected)).toBeLessThan(1e-5 * scale);
    },
  );

  it('covers every operation', () => {
    const kinds = new Set(
      reference.cases.flatMap(({ augmentation }) =>
        ((augmentation as Partial<Augmentation>).after ?? []).map(({ kind }) => kind),
      ),
    );
    // All except noise, whose distribution is tested. Warps have their own cases.
    expect([...kinds].sort().join()).toBe(
      'brightness,channelShift,contrast,crop,cutout,erasing,normalize,rescale,saturation,standardize',
    );
  });
});

describe('affineMatrix is equal to the matrix that Keras passes to SciPy', () => {
  it.each(reference.matrices)('$geometry', ({ geometry, matrix }) => {
    const actual = affineMatrix(geometry, { height: 8, width: 8 });
    for (const field of ['xx', 'xy', 'x', 'yx', 'yy', 'y'] as const)
      expect(Math.abs(actual[field] - matrix[field]), field).toBeLessThan(1e-13);
  });
});

describe('warp is equal to scipy.ndimage.affine_transform for every size', () => {
  it.each(reference.warps.map((test, number) => ({ ...test, number })))(
    '$number: $image, $fillMode, $interpolation',
    ({ image, fillMode, interpolation, matrix, expected }) => {
      const warped = warp(imageOf(image), {
        matrix,
        fillMode: fillMode as FillMode,
        fillValue: 17,
        interpolation: interpolation as Interpolation,
      });
      expect(maxError(warped, expected)).toBeLessThan(1e-5 * 255);
    },
  );
});

describe('mixBatch is equal to torchvision', () => {
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
    expect(maxError(mixed.pixels, expected)).toBeLessThan(1e-5 * 255);
    expect(maxError(mixed.targets!, targets)).toBeLessThan(1e-6);
    expect(mixed.labels).toEqual(batch.labels);
    expect(batch.pixels).toEqual(before);
  });
});

it('the fixtures hold neither paths nor dates', () => {
  const folder = new URL('../fixtures/', import.meta.url);
  for (const file of readdirSync(folder))
    expect(readFileSync(new URL(file, folder), 'utf8')).not.toMatch(
      /\/(tmp|home|work|root)\/|20\d\d-\d\d-\d\d/,
    );
});
