import { expectImages, expectInteger, expectNumber, expectOneOf } from '@convlens/core';
import type { BatchSource, ImageBatch } from '@convlens/core';
import { applyInto } from './apply.js';
import { drawMixingChecked } from './draw-mixing.js';
import { drawPlanned, planOf } from './draw.js';
import { mixBatch } from './mix-batch.js';
import { expectSteps, type Step } from './step.js';
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
 * it. (MixUp and CutMix mix it with another of its batch: there the step and the images of the batch count as well.)
 *
 * Steps work in the order given, with two exceptions. All that move pixels (flips, shifts, rotation, shear, zoom) make
 * one warp, at the place of the first of them and in Keras's order whatever theirs, so that an image is interpolated
 * once. MixUp and CutMix come last, wherever they stand.
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
  expectPlan(steps, options);
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
 * One batch of `augment`: the same batch with other pixels, a new Float32Array on the same scale, 0..255, unless a step
 * such as normalize leaves it. Labels and targets stay as they are, except that MixUp and CutMix add soft `targets`.
 *
 * @throws InputError as `augment` does.
 */
export function augmentBatch(
  batch: ImageBatch,
  steps: readonly Step[],
  options: AugmentOptions = {},
): ImageBatch {
  expectPlan(steps, options);
  expectImages('batch', batch);
  const { seed = 0, fill = 'nearest', fillValue = 0 } = options;
  const { count, height, width, channels, epoch, indices } = batch;
  expectInteger('batch.indices.length', indices.length, { min: count, max: count });
  const size = height * width * channels;
  const plan = planOf(steps);
  const pixels = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    const start = i * size;
    applyInto(
      { pixels: pixels.subarray(start, start + size), height, width, channels },
      { pixels: batch.pixels.subarray(start, start + size), height, width, channels },
      {
        augmentation: drawPlanned(plan, { seed, epoch, index: indices[i], height, width }),
        fill,
        fillValue,
      },
    );
  }
  return drawMixingChecked(steps, { seed, epoch, step: batch.step, indices, height, width }).reduce(
    mixBatch,
    {
      ...batch,
      pixels,
    },
  );
}

function expectPlan(
  steps: readonly Step[],
  { seed = 0, fill = 'nearest', fillValue = 0 }: AugmentOptions,
): void {
  expectSteps(steps);
  expectNumber('seed', seed);
  expectOneOf('fill', fill, FILL_MODES);
  expectNumber('fillValue', fillValue, { min: 0, max: 255 });
}
