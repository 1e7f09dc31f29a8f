import { expectInteger, randomAt, type Random } from '@convlens/core';
import { expectSteps, STEPS, type Step } from './step.js';

/** What was drawn for one image, as plain data. With `affineMatrix` and `warp` it replays what was done. */
export interface Augmentation {
  /** Whether left and right are exchanged, after everything else. */
  readonly flip: boolean;
  /** In degrees, counterclockwise. */
  readonly rotation: number;
  /** In pixels: each output pixel shows what lay so many columns to the right, so the content moves left. */
  readonly shiftColumns: number;
  /** In pixels: each output pixel shows what lay so many rows below, so the content moves up. */
  readonly shiftRows: number;
  /** In degrees. */
  readonly shear: number;
  /** A factor of coordinates: below 1 the content grows wider ... */
  readonly zoomColumns: number;
  /** ... or higher. */
  readonly zoomRows: number;
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

/** No change. */
export const UNCHANGED: Augmentation = {
  flip: false,
  rotation: 0,
  shiftColumns: 0,
  shiftRows: 0,
  shear: 0,
  zoomColumns: 1,
  zoomRows: 1,
};

/**
 * What `augment` does to one image in one epoch. Each step draws from a stream of its own, that of (seed, epoch, index,
 * kind), so neither the batch nor the other steps, nor their order, change it.
 *
 * @throws InputError if a step is out of range or a kind comes twice.
 */
export function drawAugmentation(steps: readonly Step[], options: DrawAugmentationOptions): Augmentation {
  expectSteps(steps);
  for (const name of ['epoch', 'index'] as const) expectInteger(name, options[name]);
  for (const name of ['height', 'width'] as const) expectInteger(name, options[name], { min: 1 });
  return drawChecked(steps, options);
}

/** drawAugmentation for steps and options that were checked: it is called for every image. */
export function drawChecked(
  steps: readonly Step[],
  { seed = 0, epoch, index, height, width }: DrawAugmentationOptions,
): Augmentation {
  const drawn = { ...UNCHANGED };
  for (const step of steps) {
    const random = randomAt(seed, 'augment', epoch, index, step.kind);
    // TypeScript cannot see that a step and the entry of its kind belong together.
    const draw = STEPS[step.kind].draw as (
      step: Step,
      random: Random,
      size: { height: number; width: number },
    ) => Partial<Augmentation>;
    Object.assign(drawn, draw(step, random, { height, width }));
  }
  return drawn;
}
