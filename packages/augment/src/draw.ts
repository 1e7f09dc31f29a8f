import { expectInteger, expectNumber, randomAt } from '@convlens/core';
import type { Geometry, GeometryDefinition, ImageDefinition } from './definition.js';
import { expectSteps, GEOMETRY_STEPS, IMAGE_STEPS, type Operation, type Step } from './step.js';

/**
 * What was drawn for one image, as plain data: the operations before the warp, the warp, the operations after it.
 * `applyAugmentation`, `applyToMask` and `applyToPoint` do it again.
 */
export interface Augmentation extends Readonly<Geometry> {
  readonly before: readonly Operation[];
  readonly after: readonly Operation[];
}

export interface DrawAugmentationOptions {
  /** Of everything drawn; default 0. */
  readonly seed?: number;
  /** 0-based. */
  readonly epoch: number;
  /** Where the image stands in its set. */
  readonly index: number;
  /** Of the image, in pixels. */
  readonly height: number;
  readonly width: number;
}

const NONE: readonly Operation[] = Object.freeze([]);

/** No change. */
export const UNCHANGED: Augmentation = Object.freeze({
  flip: false,
  flipVertical: false,
  rotation: 0,
  shiftColumns: 0,
  shiftRows: 0,
  shear: 0,
  zoomColumns: 1,
  zoomRows: 1,
  before: NONE,
  after: NONE,
});

/**
 * What `augment` does to one image in one epoch, before images are mixed (see drawMixing). Each step draws from a stream
 * of its own, that of (seed, epoch, index, kind), so neither the batch nor the other steps, nor their order, change it.
 *
 * @throws InputError if a step is out of range or a kind comes twice.
 */
export function drawAugmentation(steps: readonly Step[], options: DrawAugmentationOptions): Augmentation {
  expectSteps(steps);
  expectNumber('seed', options.seed ?? 0);
  for (const name of ['epoch', 'index'] as const) expectInteger(name, options[name]);
  for (const name of ['height', 'width'] as const) expectInteger(name, options[name], { min: 1 });
  return drawPlanned(planOf(steps), options);
}

/** Steps with their definitions, looked up once a batch. MixUp and CutMix have none here. */
export type Plan = readonly {
  readonly step: Step;
  readonly geometry?: GeometryDefinition<Step>;
  readonly image?: ImageDefinition<Step, Operation>;
}[];

export const planOf = (steps: readonly Step[]): Plan =>
  steps
    .map((step) => ({ step, geometry: GEOMETRY_STEPS[step.kind], image: IMAGE_STEPS[step.kind] }))
    .filter(({ geometry, image }) => geometry ?? image);

/** drawAugmentation for steps and options that were checked: it is called for every image. */
export function drawPlanned(
  plan: Plan,
  { seed = 0, epoch, index, height, width }: DrawAugmentationOptions,
): Augmentation {
  // Written out: copying UNCHANGED takes longer than all draws.
  const drawn = {
    flip: false,
    flipVertical: false,
    rotation: 0,
    shiftColumns: 0,
    shiftRows: 0,
    shear: 0,
    zoomColumns: 1,
    zoomRows: 1,
    before: NONE,
    after: NONE,
  };
  const at = { height, width, epoch };
  let operations: Operation[] | undefined;
  let warped = false;
  for (const { step, geometry, image } of plan) {
    const stream = geometry?.streamEpoch?.(step, epoch) ?? epoch;
    const random = randomAt(seed, 'augment', stream, index, step.kind);
    if (geometry) {
      // The warp has the place of the first step of geometry.
      if (operations && !warped) {
        drawn.before = operations;
        operations = undefined;
      }
      warped = true;
      geometry.draw(step, random, drawn, at);
      continue;
    }
    const operation = image?.draw(step, random, at);
    if (operation) (operations ??= []).push(operation);
  }
  if (operations) drawn.after = operations;
  return drawn;
}
