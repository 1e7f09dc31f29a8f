import {
  expectObject,
  expectBoolean,
  expectNumber,
  expectOneOf,
  expectOptions,
  InputError,
  type OptionNames,
} from '@convlens/core';
import { affineMatrixUnchecked } from '../geometry/affine-matrix.js';
import { FILL_MODES, type FillMode } from '../geometry/border.js';
import { isWarped } from '../geometry/geometry.js';
import { expectImage, type Image, type MutableImage } from '../geometry/image.js';
import { warpBilinear } from '../geometry/warp-bilinear.js';
import { NO_AUGMENTATION, type Augmentation } from '../sampling/sample-augmentation.js';
import type { AnyOperation, OperationOf, StepDefinition } from '../steps/definition.js';
import { expectFields } from '../steps/option-schema.js';
import {
  idsOfFamily,
  mapDefinitions,
  operationDefinition,
  type BuiltInDefinition,
  type DefinitionMap,
} from '../steps/registry.js';

export interface ApplyAugmentationOptions<D extends StepDefinition = BuiltInDefinition> {
  /** The values outside the image; default 'nearest'. */
  readonly fillMode?: FillMode;
  /** The value outside the image with fillMode 'constant'; default 0. */
  readonly fillValue?: number;
  /** Default STEP_DEFINITIONS. */
  readonly definitions?: readonly D[];
}

export const APPLY_AUGMENTATION_OPTIONS: OptionNames<ApplyAugmentationOptions> = {
  fillMode: true,
  fillValue: true,
  definitions: true,
};

/**
 * Applies sampled parameters to an image: the operations before the warp, the warp, the operations after it.
 * Fields that `augmentation` leaves out change nothing: `{ rotation: 15 }` and
 * `{ after: [{ kind: 'brightness', factor: 1.2 }] }` are complete.
 *
 * @returns a new Float32Array of height x width x channels.
 * @throws InputError if the image, the augmentation or an option is not valid.
 */
export function applyAugmentation<D extends StepDefinition = BuiltInDefinition>(
  image: Image,
  augmentation: Partial<Augmentation<OperationOf<D>>>,
  options: ApplyAugmentationOptions<D> = {},
): Float32Array {
  expectOptions('applyAugmentation', options, APPLY_AUGMENTATION_OPTIONS);
  expectObject('augmentation', augmentation);
  const { fillMode = 'nearest', fillValue = 0 } = options;
  expectImage(image);
  expectOneOf('fillMode', fillMode, FILL_MODES);
  expectNumber('fillValue', fillValue);
  const definitions = mapDefinitions(options.definitions);
  const complete = expectAugmentation(augmentation, definitions);
  const output = { ...image, pixels: new Float32Array(image.pixels.length) };
  applyAugmentationInto(output, image, { augmentation: complete, fillMode, fillValue, definitions });
  return output.pixels;
}

/** The augmentation with all fields; throws an InputError that names the field that is not valid. */
export function expectAugmentation(
  augmentation: Partial<Augmentation<AnyOperation>>,
  definitions: DefinitionMap,
): Augmentation<AnyOperation> {
  const complete = { ...NO_AUGMENTATION, ...augmentation };
  for (const [field, identity] of Object.entries(NO_AUGMENTATION)) {
    const value = complete[field as keyof Augmentation];
    if (typeof identity === 'number') expectNumber(`augmentation.${field}`, value);
    else if (typeof identity === 'boolean') expectBoolean(`augmentation.${field}`, value);
  }
  for (const place of ['before', 'after'] as const)
    complete[place].forEach((operation, i) => {
      const name = `augmentation.${place}[${i}]`;
      expectOneOf(`${name}.kind`, operation?.kind, idsOfFamily(definitions, 'image'));
      expectFields(name, operation, operationDefinition(definitions, operation.kind).operationSchema);
    });
  for (const field of Object.keys(augmentation))
    if (!Object.hasOwn(NO_AUGMENTATION, field))
      throw new InputError(
        `Expected augmentation to have only ${Object.keys(NO_AUGMENTATION).join(', ')}, got ${field}`,
      );
  return complete;
}

export interface ResolvedAugmentation {
  readonly augmentation: Augmentation<AnyOperation>;
  readonly fillMode: FillMode;
  readonly fillValue: number;
  readonly definitions: DefinitionMap;
}

/**
 * applyAugmentation without checks, into `output`, which has the size of `image`: it is called for every
 * image.
 */
export function applyAugmentationInto(
  output: MutableImage,
  image: Image,
  resolved: ResolvedAugmentation,
): void {
  const { augmentation, fillMode, fillValue, definitions } = resolved;
  const { before, after } = augmentation;
  let source = image;
  if (before.length > 0) {
    output.pixels.set(image.pixels);
    applyOperations(output, before, definitions);
    source = output;
  }
  if (isWarped(augmentation)) {
    const matrix = affineMatrixUnchecked(augmentation, image);
    // The warp reads a copy of its input, so that it can overwrite it.
    warpBilinear(output.pixels, source, { matrix, fillMode, fillValue });
  } else if (source !== output) output.pixels.set(image.pixels);
  applyOperations(output, after, definitions);
}

function applyOperations(
  image: MutableImage,
  operations: readonly AnyOperation[],
  definitions: DefinitionMap,
): void {
  for (const operation of operations)
    operationDefinition(definitions, operation.kind).apply(image, operation);
}
