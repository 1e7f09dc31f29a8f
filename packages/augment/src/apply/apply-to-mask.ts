import { expectObject, expectNumber, expectOneOf, expectOptions } from '@convlens/core';
import { affineMatrixUnchecked } from '../geometry/affine-matrix.js';
import { FILL_MODES } from '../geometry/border.js';
import { expectImage, type Image } from '../geometry/image.js';
import { warpNearest } from '../geometry/warp-nearest.js';
import type { Augmentation } from '../sampling/sample-augmentation.js';
import type { AnyOperation, OperationOf, StepDefinition } from '../steps/definition.js';
import { mapDefinitions, operationDefinition, type BuiltInDefinition } from '../steps/registry.js';
import {
  APPLY_AUGMENTATION_OPTIONS,
  expectAugmentation,
  type ApplyAugmentationOptions,
} from './apply-augmentation.js';

/**
 * `fillValue` is the class outside the image with fillMode 'constant', and in the padding of a crop; default
 * 0.
 */
export type ApplyToMaskOptions<D extends StepDefinition = BuiltInDefinition> = ApplyAugmentationOptions<D>;

/**
 * Moves a mask (height x width x channels, such as one class per pixel) as `applyAugmentation` moves the
 * image. Each pixel is a copy of the closest one, so that no new class appears. Operations that only change
 * values (colors, noise, Cutout, random erasing) have no effect.
 *
 * @returns a new array of the same type as the mask.
 * @throws InputError if the mask, the augmentation or an option is not valid.
 */
export function applyToMask<
  P extends Uint8Array | Float32Array,
  D extends StepDefinition = BuiltInDefinition,
>(
  mask: Image & { readonly pixels: P },
  augmentation: Partial<Augmentation<OperationOf<D>>>,
  options: ApplyToMaskOptions<D> = {},
): P {
  expectOptions('applyToMask', options, APPLY_AUGMENTATION_OPTIONS);
  expectObject('augmentation', augmentation);
  const { fillMode = 'nearest', fillValue = 0 } = options;
  expectImage(mask);
  expectOneOf('fillMode', fillMode, FILL_MODES);
  expectNumber('fillValue', fillValue);
  const definitions = mapDefinitions(options.definitions);
  const complete = expectAugmentation(augmentation, definitions);
  const pixels = Float32Array.from(mask.pixels);
  const moved = { ...mask, pixels };
  const move = (operations: readonly AnyOperation[]) => {
    for (const operation of operations)
      operationDefinition(definitions, operation.kind).moveMask?.(moved, operation, fillValue);
  };
  move(complete.before);
  const matrix = affineMatrixUnchecked(complete, mask);
  warpNearest(pixels, { ...mask, pixels: pixels.slice() }, { matrix, fillMode, fillValue });
  move(complete.after);
  return (mask.pixels instanceof Uint8Array ? Uint8Array.from(pixels) : pixels) as P;
}
