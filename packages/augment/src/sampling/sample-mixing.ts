import {
  expectObject,
  expectInteger,
  expectNumber,
  expectOptions,
  randomAt,
  shuffledIndices,
  type OptionNames,
  type Random,
} from '@convlens/core';
import type { Size } from '../geometry/image.js';
import type { MixOptions } from '../steps/batch/mix-options.js';
import type { Box } from '../steps/box.js';
import type { AnyStep, BatchDefinition, StepDefinition, StepOf } from '../steps/definition.js';
import {
  expectSteps,
  mapDefinitions,
  type BuiltInDefinition,
  type DefinitionMap,
} from '../steps/registry.js';

/**
 * The sampled parameters of a batch step, as plain data; each list has one entry per image. `mixBatch`
 * applies them.
 */
export interface Mixing {
  /** The kind of the step: 'mixup', 'cutmix' or one of your own. */
  readonly kind: string;
  /** The position in the batch of the partner of each image; it may be the image itself. */
  readonly partners: readonly number[];
  /** The weight of each image in its mixture, 0 to 1; its partner has 1 - lambda. */
  readonly lambdas: readonly number[];
  /** The part of the partner that is pasted, for 'cutmix'. */
  readonly boxes?: readonly Box[];
}

export interface SampleMixingOptions<D extends StepDefinition = BuiltInDefinition> extends Size {
  /** Determines all random numbers; default 0. */
  readonly seed?: number;
  /** 0-based. */
  readonly epoch: number;
  /** The number of the batch in its epoch, 0-based. */
  readonly step: number;
  /** The index in the set of each image of the batch. */
  readonly indices: ArrayLike<number>;
  /** Default STEP_DEFINITIONS. */
  readonly definitions?: readonly D[];
}

const SAMPLE_MIXING_OPTIONS: OptionNames<SampleMixingOptions> = {
  seed: true,
  epoch: true,
  step: true,
  indices: true,
  height: true,
  width: true,
  definitions: true,
};

/**
 * Samples how `augment` mixes one batch: one Mixing per batch step, in their order. A function of the seed,
 * the epoch, the step and the set of images in the batch; the order of the images within the batch changes
 * nothing.
 *
 * @throws InputError if an option or a step is not valid, or a kind occurs twice.
 */
export function sampleMixing<D extends StepDefinition = BuiltInDefinition>(
  steps: readonly StepOf<D>[],
  options: SampleMixingOptions<D>,
): Mixing[] {
  expectOptions('sampleMixing', options, SAMPLE_MIXING_OPTIONS);
  expectObject('the options of sampleMixing', options);
  const definitions = mapDefinitions(options.definitions);
  expectSteps(steps, definitions);
  expectNumber('seed', options.seed ?? 0);
  for (const name of ['epoch', 'step'] as const) expectInteger(name, options[name]);
  for (const name of ['height', 'width'] as const) expectInteger(name, options[name], { min: 1 });
  return sampleMixingUnchecked(steps, options, definitions);
}

interface BatchContext extends Size {
  readonly seed?: number;
  readonly epoch: number;
  readonly step: number;
  readonly indices: ArrayLike<number>;
}

/** sampleMixing without checks. */
export const sampleMixingUnchecked = (
  steps: readonly AnyStep[],
  context: BatchContext,
  definitions: DefinitionMap,
): Mixing[] =>
  steps.flatMap((step) => {
    const definition = definitions.get(step.kind)!;
    return definition.family === 'batch' ? [sampleStep(step, definition, context)] : [];
  });

function sampleStep(
  step: AnyStep,
  definition: BatchDefinition,
  { seed = 0, epoch, step: batch, indices, height, width }: BatchContext,
): Mixing {
  const { kind } = step;
  const { per = 'sample' } = step as MixOptions;
  const sample = (random: Random) => definition.sample(step, random, { height, width });
  const shared = per === 'batch' ? sample(randomAt(seed, 'augment', epoch, kind, 'batch', batch)) : undefined;
  const samples = Array.from(
    indices,
    (index) => shared ?? sample(randomAt(seed, 'augment', epoch, index, kind)),
  );
  return {
    kind,
    partners: samplePartners(indices, randomAt(seed, 'augment', epoch, kind, 'partners', batch)),
    lambdas: samples.map(({ lambda }) => lambda),
    ...(definition.mixture === 'box' && { boxes: samples.map(({ box }) => box!) }),
  };
}

/**
 * The images in the order of their indices are paired with a shuffle of them: independent of their order in
 * the batch.
 */
function samplePartners(indices: ArrayLike<number>, random: Random): number[] {
  const positions = Array.from(indices, (_, i) => i).sort((a, b) => indices[a] - indices[b]);
  const partners = new Array<number>(positions.length);
  shuffledIndices(positions.length, random).forEach((partner, rank) => {
    partners[positions[rank]] = positions[partner];
  });
  return partners;
}
