import { expectNumber, expectOneOf, InputError } from '@convlens/core';
import type { Canvas } from './definition.js';
import { UNCHANGED, type Augmentation } from './draw.js';
import { matrixOf } from './matrix.js';
import { expectBoolean, expectOptions } from './option.js';
import { IMAGE_STEPS, type Operation } from './step.js';
import { expectImage, FILL_MODES, type FillMode, type Image } from './warp.js';
import { warpInto } from './warp-into.js';

export interface ApplyAugmentationOptions {
  /** What lies beyond the border; default 'nearest'. */
  readonly fill?: FillMode;
  /** The value beyond the border for fill 'constant'; default 0. */
  readonly fillValue?: number;
}

/**
 * Does to an image what was drawn for it, or for another: operations before the warp, the warp, operations after it.
 * Returns a new Float32Array of height x width x channels. What `augmentation` leaves out is no change, so a part of one
 * is as good: `{ rotation: 15 }`, or `{ after: [{ kind: 'brightness', factor: 1.2 }] }`.
 *
 * @throws InputError if image or augmentation do not fit.
 */
export function applyAugmentation(
  image: Image,
  augmentation: Partial<Augmentation>,
  { fill = 'nearest', fillValue = 0 }: ApplyAugmentationOptions = {},
): Float32Array {
  expectImage(image);
  expectOneOf('fill', fill, FILL_MODES);
  expectNumber('fillValue', fillValue);
  const output = new Float32Array(image.pixels.length);
  applyInto({ ...image, pixels: output }, image, {
    augmentation: expectAugmentation(augmentation),
    fill,
    fillValue,
  });
  return output;
}

/** The augmentation, completed; throws an InputError that names the field that cannot be used. */
export function expectAugmentation(augmentation: Partial<Augmentation>): Augmentation {
  const complete = { ...UNCHANGED, ...augmentation };
  for (const [field, none] of Object.entries(UNCHANGED)) {
    const value = complete[field as keyof Augmentation];
    if (typeof none === 'number') expectNumber(`augmentation.${field}`, value);
    else if (typeof none === 'boolean') expectBoolean(`augmentation.${field}`, value);
  }
  for (const place of ['before', 'after'] as const)
    complete[place].forEach((operation, i) => {
      const name = `augmentation.${place}[${i}]`;
      expectOneOf(`${name}.kind`, operation?.kind, Object.keys(IMAGE_STEPS));
      expectOptions(name, operation, IMAGE_STEPS[operation.kind].drawn);
    });
  for (const field of Object.keys(augmentation))
    if (!Object.hasOwn(UNCHANGED, field))
      throw new InputError(
        `Expected augmentation to have only ${Object.keys(UNCHANGED).join(', ')}, got ${field}`,
      );
  return complete;
}

/** applyAugmentation for what was checked, into the pixels of `canvas`, which has the size of `image`. */
export function applyInto(
  canvas: Canvas,
  image: Image,
  {
    augmentation,
    fill,
    fillValue,
  }: { readonly augmentation: Augmentation; readonly fill: FillMode; readonly fillValue: number },
): void {
  const { before, after } = augmentation;
  let source = image;
  if (before.length > 0) {
    canvas.pixels.set(image.pixels);
    change(canvas, before);
    source = canvas;
  }
  // The warp reads a copy, so it may write where it reads.
  if (isWarped(augmentation))
    warpInto(canvas.pixels, source, { matrix: matrixOf(augmentation, image), fill, fillValue });
  else if (source !== canvas) canvas.pixels.set(image.pixels);
  change(canvas, after);
}

function change(canvas: Canvas, operations: readonly Operation[]): void {
  for (const operation of operations) IMAGE_STEPS[operation.kind].apply(canvas, operation);
}

/** Whether the warp changes anything at all. */
export const isWarped = (drawn: Augmentation) =>
  drawn.flip ||
  drawn.flipVertical ||
  drawn.rotation !== 0 ||
  drawn.shiftColumns !== 0 ||
  drawn.shiftRows !== 0 ||
  drawn.shear !== 0 ||
  drawn.zoomColumns !== 1 ||
  drawn.zoomRows !== 1;
