import {
  expectObject,
  expectInteger,
  expectNumber,
  expectOptions,
  randomAt,
  type OptionNames,
} from '@convlens/core';
import type { Geometry } from '../geometry/geometry.js';
import type { Size } from '../geometry/image.js';
import type {
  AnyOperation,
  AnyStep,
  GeometryDefinition,
  ImageDefinition,
  OperationOf,
  StepDefinition,
  StepOf,
} from '../steps/definition.js';
import {
  expectSteps,
  mapDefinitions,
  type BuiltInDefinition,
  type DefinitionMap,
  type Operation,
} from '../steps/registry.js';

/**
 * The sampled parameters of all steps for one image, as plain data: the operations before the warp, the warp,
 * and the operations after it. `applyAugmentation`, `applyToMask` and `applyToPoint` apply them.
 */
export interface Augmentation<O extends AnyOperation = Operation> extends Readonly<Geometry> {
  readonly before: readonly O[];
  readonly after: readonly O[];
}

export interface SampleAugmentationOptions<D extends StepDefinition = BuiltInDefinition> extends Size {
  /** Determines all random numbers; default 0. */
  readonly seed?: number;
  /** 0-based. */
  readonly epoch: number;
  /** The index of the image in its set. */
  readonly index: number;
  /** Default STEP_DEFINITIONS. */
  readonly definitions?: readonly D[];
}

const SAMPLE_AUGMENTATION_OPTIONS: OptionNames<SampleAugmentationOptions> = {
  seed: true,
  epoch: true,
  index: true,
  height: true,
  width: true,
  definitions: true,
};

type MutableAugmentation = Geometry & { -readonly [Place in 'before' | 'after']: readonly AnyOperation[] };

const NO_OPERATIONS: readonly AnyOperation[] = Object.freeze([]);

/** The identity. The fields of NO_WARP are written out: copying them takes longer than sampling all steps. */
const newAugmentation = (): MutableAugmentation => ({
  flip: false,
  flipVertical: false,
  rotation: 0,
  shiftColumns: 0,
  shiftRows: 0,
  shear: 0,
  zoomColumns: 1,
  zoomRows: 1,
  before: NO_OPERATIONS,
  after: NO_OPERATIONS,
});

export const NO_AUGMENTATION: Augmentation<AnyOperation> = Object.freeze(newAugmentation());

/**
 * Samples the augmentation that `augment` applies to one image in one epoch, before images are mixed
 * (`sampleMixing`). Each step has its own random numbers, those of (seed, epoch, index, kind): neither the
 * batch nor the other steps nor their order change them.
 *
 * @throws InputError if an option or a step is not valid, or a kind occurs twice.
 */
export function sampleAugmentation<D extends StepDefinition = BuiltInDefinition>(
  steps: readonly StepOf<D>[],
  options: SampleAugmentationOptions<D>,
): Augmentation<OperationOf<D>> {
  expectOptions('sampleAugmentation', options, SAMPLE_AUGMENTATION_OPTIONS);
  expectObject('the options of sampleAugmentation', options);
  const definitions = mapDefinitions(options.definitions);
  expectSteps(steps, definitions);
  expectNumber('seed', options.seed ?? 0);
  for (const name of ['epoch', 'index'] as const) expectInteger(name, options[name]);
  for (const name of ['height', 'width'] as const) expectInteger(name, options[name], { min: 1 });
  const augmentation = sampleResolvedSteps(resolveSteps(steps, definitions), options);
  return augmentation as Augmentation<OperationOf<D>>;
}

/** Steps with their definitions, without batch steps. */
export type ResolvedSteps = readonly {
  readonly step: AnyStep;
  readonly definition: GeometryDefinition | ImageDefinition;
}[];

export const resolveSteps = (steps: readonly AnyStep[], definitions: DefinitionMap): ResolvedSteps =>
  steps.flatMap((step) => {
    const definition = definitions.get(step.kind)!;
    return definition.family === 'batch' ? [] : [{ step, definition }];
  });

interface ImageContext extends Size {
  readonly seed?: number;
  readonly epoch: number;
  readonly index: number;
}

/** sampleAugmentation without checks: it is called for every image. */
export function sampleResolvedSteps(
  resolvedSteps: ResolvedSteps,
  { seed = 0, epoch, index, height, width }: ImageContext,
): Augmentation<AnyOperation> {
  const augmentation = newAugmentation();
  const context = { height, width, epoch };
  let operations: AnyOperation[] = [];
  let hasGeometry = false;
  for (const { step, definition } of resolvedSteps) {
    if (definition.family === 'image') {
      const operation = definition.sample(step, randomAt(seed, 'augment', epoch, index, step.kind), context);
      if (operation) operations.push(operation);
      continue;
    }
    if (!hasGeometry) {
      // The warp is at the place of the first geometry step.
      hasGeometry = true;
      augmentation.before = operations;
      operations = [];
    }
    const seedEpoch = definition.seedEpoch?.(step, epoch) ?? epoch;
    definition.sample(step, randomAt(seed, 'augment', seedEpoch, index, step.kind), augmentation, context);
  }
  augmentation.after = operations;
  return augmentation;
}
