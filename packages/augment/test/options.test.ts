import type { ImageBatch } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import * as api from '../src/index.js';

const batch: ImageBatch = {
  kind: 'image-batch',
  name: 'one',
  epoch: 0,
  step: 0,
  indices: Uint32Array.of(0),
  count: 1,
  height: 1,
  width: 1,
  channels: 1,
  classNames: ['a'],
  labels: Int32Array.of(0),
  pixels: Uint8Array.of(1),
};
const size = { height: 1, width: 1 };

/** A call of each function with a misspelled option, and the option that the message suggests. */
const CALLS: Readonly<
  Record<string, readonly [call: (options: never) => unknown, misspelled: string, meant: string]>
> = {
  augment: [(options) => api.augment(() => [batch], [], options), 'sead', 'seed'],
  augmentBatch: [(options) => api.augmentBatch(batch, [], options), 'fillMod', 'fillMode'],
  imageDataGenerator: [(options) => api.imageDataGenerator(options), 'rotationRang', 'rotationRange'],
  parseAugment: [(options) => api.parseAugment('', options), 'definition', 'definitions'],
  formatAugment: [(options) => api.formatAugment([], options), 'definition', 'definitions'],
  sampleAugmentation: [(options) => api.sampleAugmentation([], options), 'epochs', 'epoch'],
  sampleMixing: [(options) => api.sampleMixing([], options), 'indexes', 'indices'],
  applyAugmentation: [(options) => api.applyAugmentation(batch, {}, options), 'fillvalue', 'fillValue'],
  applyToMask: [(options) => api.applyToMask(batch, {}, options), 'fill_mode', 'fillMode'],
  applyToPoint: [(options) => api.applyToPoint({ row: 0, column: 0 }, {}, options), 'hieght', 'height'],
  mixBatch: [
    (options) => api.mixBatch(batch, { kind: 'mixup', partners: [0], lambdas: [1] }, options),
    'definition',
    'definitions',
  ],
  warp: [(options) => api.warp(batch, options), 'interpolations', 'interpolation'],
};

/** `affineMatrix` takes a size: any record with height and width. */
const WITHOUT_OPTIONS = ['affineMatrix'];

describe('an unknown option is refused', () => {
  it('by every exported function', () => {
    const functions = Object.entries(api).filter(([, value]) => typeof value === 'function');
    expect(functions.map(([name]) => name).sort()).toEqual(
      [...Object.keys(CALLS), ...WITHOUT_OPTIONS].sort(),
    );
    expect(api.affineMatrix({}, { ...size, channels: 3 } as typeof size)).toMatchObject({ xx: 1, yy: 1 });
  });

  it.each(Object.entries(CALLS))('by %s', (name, [call, misspelled, meant]) => {
    expect(() => call({ [misspelled]: 1 } as never)).toThrow(
      `of ${name}, got ${JSON.stringify(misspelled)}; did you mean ${meant}?`,
    );
  });
});
