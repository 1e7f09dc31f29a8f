import { expectNumber, expectOneOf } from '@convlens/core';
import { expectAugmentation } from './apply.js';
import { crop } from './crop.js';
import type { Augmentation } from './draw.js';
import { matrixOf } from './matrix.js';
import type { Operation } from './step.js';
import { expectImage, FILL_MODES, type FillMode, type Image } from './warp.js';
import { warpNearestInto } from './warp-nearest-into.js';

export interface ApplyToMaskOptions {
  /** What lies beyond the border; default 'nearest', as for images. */
  readonly fill?: FillMode;
  /** The class of what lies beyond the border for fill 'constant', and of the padding of a crop; default 0. */
  readonly fillValue?: number;
}

/**
 * Moves a mask (height x width x channels, such as a class a pixel) as the image was moved that `augmentation` was drawn
 * for: warp and crop, by the closest pixel, so that no class arises that was not there. Whatever changes values alone
 * (colours, noise, Cutout, random erasing) leaves it as it is. Returns a new array of the mask's own kind.
 *
 * @throws InputError if mask or augmentation do not fit.
 */
export function applyToMask<P extends Uint8Array | Float32Array>(
  mask: Image & { readonly pixels: P },
  augmentation: Partial<Augmentation>,
  { fill = 'nearest', fillValue = 0 }: ApplyToMaskOptions = {},
): P {
  expectImage(mask);
  expectOneOf('fill', fill, FILL_MODES);
  expectNumber('fillValue', fillValue);
  const complete = expectAugmentation(augmentation);
  const moved = Float32Array.from(mask.pixels);
  const canvas = { ...mask, pixels: moved };
  const change = (operations: readonly Operation[]) => {
    for (const operation of operations)
      if (operation.kind === 'crop') crop.apply(canvas, { ...operation, value: fillValue });
  };
  change(complete.before);
  const warp = { matrix: matrixOf(complete, mask), fill, fillValue };
  warpNearestInto(moved, { ...mask, pixels: moved.slice() }, warp);
  change(complete.after);
  return (mask.pixels instanceof Uint8Array ? Uint8Array.from(moved) : moved) as P;
}
