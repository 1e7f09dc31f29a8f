import { expectImages, expectInteger, expectNumber, expectOneOf } from '@convlens/core';
import type { BatchSource, ImageBatch } from '@convlens/core';
import { drawChecked } from './draw.js';
import { matrixOf } from './matrix.js';
import { expectSteps, type Step } from './step.js';
import { warpInto } from './warp-into.js';
import { FILL_MODES, type FillMode } from './warp.js';

export interface AugmentOptions {
  /** Of everything drawn; default 0. */
  readonly seed?: number;
  /** What lies beyond the border; default 'nearest'. */
  readonly fill?: FillMode;
  /** The value beyond the border for fill 'constant', 0 to 255; default 0. */
  readonly fillValue?: number;
}

/**
 * Batches whose images are changed at random as `steps` say, anew in each epoch (Keras: ImageDataGenerator). What
 * happens to an image is a function of the seed, the epoch and its index in the set: neither order nor batch size change
 * it. The order of the steps has no meaning: together they make one warp an image, so it is interpolated once.
 *
 * A source of sync batches gives sync batches, one of async batches async ones.
 *
 * @throws InputError if a step is out of range or a kind comes twice.
 */
export function augment(
  source: BatchSource,
  steps: readonly Step[],
  options: AugmentOptions = {},
): BatchSource {
  expectAugmentation(steps, options);
  return (epoch) => {
    const plain = source(epoch);
    if (Symbol.asyncIterator in plain)
      return {
        async *[Symbol.asyncIterator]() {
          for await (const batch of plain) yield augmentBatch(batch, steps, options);
        },
      };
    return {
      *[Symbol.iterator]() {
        for (const batch of plain) yield augmentBatch(batch, steps, options);
      },
    };
  };
}

/**
 * One batch of `augment`: the same batch with other pixels, a new Float32Array on the same scale, 0..255. Labels and
 * targets stay as they are.
 *
 * @throws InputError as `augment` does.
 */
export function augmentBatch(
  batch: ImageBatch,
  steps: readonly Step[],
  options: AugmentOptions = {},
): ImageBatch {
  expectAugmentation(steps, options);
  expectImages('batch', batch);
  const { seed = 0, fill = 'nearest', fillValue = 0 } = options;
  const { count, height, width, channels, epoch, indices } = batch;
  expectInteger('batch.indices.length', indices.length, { min: count, max: count });
  const size = height * width * channels;
  const pixels = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    const drawn = drawChecked(steps, { seed, epoch, index: indices[i], height, width });
    warpInto(pixels.subarray(i * size, (i + 1) * size), {
      pixels: batch.pixels.subarray(i * size, (i + 1) * size),
      height,
      width,
      channels,
      matrix: matrixOf(drawn, { height, width }),
      fill,
      fillValue,
    });
  }
  return { ...batch, pixels };
}

function expectAugmentation(
  steps: readonly Step[],
  { seed = 0, fill = 'nearest', fillValue = 0 }: AugmentOptions,
): void {
  expectSteps(steps);
  expectNumber('seed', seed);
  expectOneOf('fill', fill, FILL_MODES);
  expectNumber('fillValue', fillValue, { min: 0, max: 255 });
}
