import { expectOneOf, InputError } from '@convlens/core';
import { heightShift, widthShift, type HeightShift, type WidthShift } from './axis-shift.js';
import { brightness, type Brightness, type BrightnessChange } from './brightness.js';
import { channelShift, type ChannelShift, type ChannelShifting } from './channel-shift.js';
import { contrast, type Contrast, type ContrastChange } from './contrast.js';
import { crop, type Crop, type Cropping } from './crop.js';
import { cutmix, type Cutmix } from './cutmix.js';
import { cutout, type Cutout, type CutoutBox } from './cutout.js';
import type { GeometryDefinition, ImageDefinition, MixDefinition } from './definition.js';
import { erasing, type Erasing, type ErasingBox } from './erasing.js';
import { flip, type Flip } from './flip.js';
import { mixup, type Mixup } from './mixup.js';
import { noise, type Noise, type NoiseChange } from './noise.js';
import { normalize, type Normalize } from './normalize.js';
import { expectOption, expectOptions } from './option.js';
import { rescale, type Rescale } from './rescale.js';
import { rotation, type Rotation } from './rotation.js';
import { saturation, type Saturation, type SaturationChange } from './saturation.js';
import { shear, type Shear } from './shear.js';
import { shift, type Shift } from './shift.js';
import { standardize, type Standardize } from './standardize.js';
import { verticalFlip, type VerticalFlip } from './vertical-flip.js';
import { zoom, type Zoom } from './zoom.js';

/** Moves pixels: all of a chain together make one warp. */
export type GeometryStep = Flip | VerticalFlip | Shift | WidthShift | HeightShift | Rotation | Shear | Zoom;

/** Changes one image. */
export type ImageStep =
  | Crop
  | Cutout
  | Erasing
  | Brightness
  | Contrast
  | Saturation
  | ChannelShift
  | Noise
  | Rescale
  | Standardize
  | Normalize;

/** Mixes images and labels of a batch. */
export type BatchStep = Mixup | Cutmix;

/** One kind of change, as plain data that can be saved and sent to a worker. */
export type Step = GeometryStep | ImageStep | BatchStep;

/** What an ImageStep drew for one image: plain data with all that is needed to do it again. */
export type Operation =
  | Cropping
  | CutoutBox
  | ErasingBox
  | BrightnessChange
  | ContrastChange
  | SaturationChange
  | ChannelShifting
  | NoiseChange
  | Rescale
  | Standardize
  | Normalize;

// A table cannot say that a step and the entry of its kind belong together, so entries take any step.
type Of<T> = Readonly<Record<string, T>>;

export const GEOMETRY_STEPS = {
  flip,
  verticalFlip,
  shift,
  widthShift,
  heightShift,
  rotation,
  shear,
  zoom,
} as unknown as Of<GeometryDefinition<Step>>;

export const IMAGE_STEPS = {
  crop,
  cutout,
  erasing,
  brightness,
  contrast,
  saturation,
  channelShift,
  noise,
  rescale,
  standardize,
  normalize,
} as unknown as Of<ImageDefinition<Step, Operation>>;

export const BATCH_STEPS = { mixup, cutmix } as unknown as Of<MixDefinition<Step>>;

type AnyDefinition = GeometryDefinition<Step> | ImageDefinition<Step, Operation> | MixDefinition<Step>;

/** What each kind of step is called in text, its options and how it is drawn. */
export const STEPS: Of<AnyDefinition> = { ...GEOMETRY_STEPS, ...IMAGE_STEPS, ...BATCH_STEPS };

export const KINDS = Object.keys(STEPS) as Step['kind'][];

/** Throws an InputError that says which step cannot be used, and why. A kind may come once. */
export function expectSteps(steps: readonly Step[]): void {
  const given: unknown = steps;
  if (!Array.isArray(given)) throw new InputError(`Expected steps to be an array, got ${typeof given}`);
  steps.forEach((step, i) => {
    expectOneOf(`steps[${i}].kind`, step?.kind, KINDS);
    const { main, options, check } = STEPS[step.kind];
    expectOptions(`steps[${i}]`, step, options);
    const expected = check?.(step);
    if (expected && main && Object.keys(step).length === 1)
      expectOption(`steps[${i}].${main}`, undefined, options[main]);
    if (expected)
      throw new InputError(`Expected steps[${i}] to have ${expected}, got ${JSON.stringify(step)}`);
    const earlier = steps.findIndex(({ kind }) => kind === step.kind);
    if (earlier < i)
      throw new InputError(
        `Expected each kind of step once, got ${step.kind} at steps[${earlier}] and steps[${i}]`,
      );
  });
}
