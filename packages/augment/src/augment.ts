import {
  expectFunction,
  expectImages,
  expectInteger,
  expectNumber,
  expectOneOf,
  expectOptions,
  type BatchSource,
  type ImageBatch,
  type OptionNames,
} from '@convlens/core';
import { applyAugmentationInto } from './apply/apply-augmentation.js';
import { mixUnchecked } from './apply/mix-batch.js';
import { FILL_MODES, type FillMode } from './geometry/border.js';
import { resolveSteps, sampleResolvedSteps, type ResolvedSteps } from './sampling/sample-augmentation.js';
import { sampleMixingUnchecked } from './sampling/sample-mixing.js';
import type { AnyStep, StepDefinition, StepOf } from './steps/definition.js';
import { expectSteps, mapDefinitions, type BuiltInDefinition, type DefinitionMap } from './steps/registry.js';

export interface AugmentOptions<D extends StepDefinition = BuiltInDefinition> {
  /** Determines all random numbers; default 0. */
  readonly seed?: number;
  /** The values outside the image; default 'nearest'. */
  readonly fillMode?: FillMode;
  /** The value outside the image with fillMode 'constant', 0 to 255; default 0. */
  readonly fillValue?: number;
  /** The definitions of the steps; default STEP_DEFINITIONS. */
  readonly definitions?: readonly D[];
}

const AUGMENT_OPTIONS: OptionNames<AugmentOptions> = {
  seed: true,
  fillMode: true,
  fillValue: true,
  definitions: true,
};

/**
 * Augments every image of a source of batches, differently in each epoch (Keras: ImageDataGenerator). The
 * result for an image is a function of the seed, the epoch and its index in the set: neither shuffling nor
 * the batch size changes it. (MixUp and CutMix mix it with another image of its batch: there the step and the
 * images of the batch count as well.)
 *
 * Steps are applied in their order, with two exceptions. All geometry steps (flips, shifts, rotation, shear,
 * zoom) together are one warp, at the place of the first of them and in Keras's order, so that an image is
 * interpolated once. MixUp and CutMix are always last.
 *
 * @returns a source of batches for `for await`; if the given source is synchronous, also for `for`.
 * @throws InputError if an option or a step is not valid, or a kind occurs twice.
 */
export function augment<D extends StepDefinition = BuiltInDefinition>(
  source: (epoch: number) => Iterable<ImageBatch>,
  steps: readonly StepOf<D>[],
  options?: AugmentOptions<D>,
): (epoch: number) => Iterable<ImageBatch> & AsyncIterable<ImageBatch>;
export function augment<D extends StepDefinition = BuiltInDefinition>(
  source: BatchSource,
  steps: readonly StepOf<D>[],
  options?: AugmentOptions<D>,
): (epoch: number) => AsyncIterable<ImageBatch>;
export function augment(
  source: BatchSource,
  steps: readonly AnyStep[],
  options: AugmentOptions<StepDefinition> = {},
): BatchSource {
  const augmenter = resolveAugmenter('augment', steps, options);
  expectFunction('source', source);
  return (epoch) => {
    const batches = source(epoch);
    const augmented = {
      async *[Symbol.asyncIterator]() {
        for await (const batch of batches) yield applyToBatch(batch, augmenter);
      },
    };
    if (!(Symbol.iterator in batches)) return augmented;
    return {
      ...augmented,
      *[Symbol.iterator]() {
        for (const batch of batches) yield applyToBatch(batch, augmenter);
      },
    };
  };
}

/**
 * Augments one batch: the pixels are a new Float32Array on the same scale, 0..255, unless a step such as
 * normalize changes the scale. Labels and targets stay as they are; MixUp and CutMix add soft `targets`.
 *
 * @throws InputError as `augment` does.
 */
export function augmentBatch<D extends StepDefinition = BuiltInDefinition>(
  batch: ImageBatch,
  steps: readonly StepOf<D>[],
  options: AugmentOptions<D> = {},
): ImageBatch {
  return applyToBatch(batch, resolveAugmenter('augmentBatch', steps, options));
}

/** The checked steps and options of `augment`. */
interface Augmenter {
  readonly seed: number;
  readonly fillMode: FillMode;
  readonly fillValue: number;
  readonly definitions: DefinitionMap;
  readonly steps: readonly AnyStep[];
  readonly resolvedSteps: ResolvedSteps;
}

function resolveAugmenter(
  functionName: string,
  steps: readonly AnyStep[],
  options: AugmentOptions<StepDefinition>,
): Augmenter {
  expectOptions(functionName, options, AUGMENT_OPTIONS);
  const { seed = 0, fillMode = 'nearest', fillValue = 0 } = options;
  const definitions = mapDefinitions(options.definitions);
  expectSteps(steps, definitions);
  expectNumber('seed', seed);
  expectOneOf('fillMode', fillMode, FILL_MODES);
  expectNumber('fillValue', fillValue, { min: 0, max: 255 });
  return { seed, fillMode, fillValue, definitions, steps, resolvedSteps: resolveSteps(steps, definitions) };
}

function applyToBatch(batch: ImageBatch, augmenter: Augmenter): ImageBatch {
  expectImages('batch', batch);
  const { count, height, width, epoch, step, indices } = batch;
  expectInteger('batch.indices.length', indices.length, { min: count, max: count });
  const { seed, steps, definitions } = augmenter;
  const changed: ImageBatch = { ...batch, pixels: augmentPixels(batch, augmenter) };
  const context = { seed, epoch, step, indices, height, width };
  return sampleMixingUnchecked(steps, context, definitions).reduce(mixUnchecked, changed);
}

function augmentPixels(
  { pixels, count, height, width, channels, epoch, indices }: ImageBatch,
  { seed, fillMode, fillValue, definitions, resolvedSteps }: Augmenter,
): Float32Array {
  const size = height * width * channels;
  const output = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    const [start, end] = [i * size, (i + 1) * size];
    const augmentation = sampleResolvedSteps(resolvedSteps, {
      seed,
      epoch,
      index: indices[i],
      height,
      width,
    });
    applyAugmentationInto(
      { pixels: output.subarray(start, end), height, width, channels },
      { pixels: pixels.subarray(start, end), height, width, channels },
      { augmentation, fillMode, fillValue, definitions },
    );
  }
  return output;
}
