import { expectOneOf, InputError } from '@convlens/core';
import { cutmix } from './batch/cutmix.js';
import { mixup } from './batch/mixup.js';
import type { AnyStep, ImageDefinition, OperationOf, StepDefinition, StepOf } from './definition.js';
import { heightShift, widthShift } from './geometry/axis-shift.js';
import { flip } from './geometry/flip.js';
import { rotation } from './geometry/rotation.js';
import { shear } from './geometry/shear.js';
import { shift } from './geometry/shift.js';
import { verticalFlip } from './geometry/vertical-flip.js';
import { zoom } from './geometry/zoom.js';
import { brightness } from './image/brightness.js';
import { channelShift } from './image/channel-shift.js';
import { contrast } from './image/contrast.js';
import { crop } from './image/crop.js';
import { cutout } from './image/cutout.js';
import { erasing } from './image/erasing.js';
import { noise } from './image/noise.js';
import { normalize } from './image/normalize.js';
import { rescale } from './image/rescale.js';
import { saturation } from './image/saturation.js';
import { standardize } from './image/standardize.js';
import { expectFields, expectOption } from './option-schema.js';

/** The registry of augmentation steps. `extend` of `@convlens/core` returns a list with more. */
export const STEP_DEFINITIONS = [
  flip,
  verticalFlip,
  shift,
  widthShift,
  heightShift,
  rotation,
  shear,
  zoom,
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
  mixup,
  cutmix,
] as const;

export type BuiltInDefinition = (typeof STEP_DEFINITIONS)[number];

/** Moves pixels; all such steps of a chain together are one warp. */
export type GeometryStep = StepOf<Extract<BuiltInDefinition, { family: 'geometry' }>>;

/** Changes one image. */
export type ImageStep = StepOf<Extract<BuiltInDefinition, { family: 'image' }>>;

/** Mixes the images and labels of a batch. */
export type BatchStep = StepOf<Extract<BuiltInDefinition, { family: 'batch' }>>;

/** One random transformation, as plain data that can be saved and sent to a worker. */
export type Step = StepOf<BuiltInDefinition>;

/** The sampled parameters of an ImageStep for one image: plain data, all that is needed to apply it again. */
export type Operation = OperationOf<BuiltInDefinition>;

/** A list of definitions by id. */
export type DefinitionMap = ReadonlyMap<string, StepDefinition>;

const mapById = (definitions: readonly StepDefinition[]): DefinitionMap =>
  new Map(definitions.map((definition) => [definition.id, definition]));

const BUILT_IN_MAP = mapById(STEP_DEFINITIONS);

/**
 * The definitions of an option by id, by default the built-in ones. @throws InputError if it is not an array.
 */
export function mapDefinitions(definitions?: readonly StepDefinition[]): DefinitionMap {
  if (definitions === undefined) return BUILT_IN_MAP;
  if (Array.isArray(definitions)) return mapById(definitions);
  throw new InputError(`Expected definitions to be an array, got ${typeof definitions}`);
}

/** The definition of an operation whose kind has been checked. */
export const operationDefinition = (definitions: DefinitionMap, kind: string): ImageDefinition =>
  definitions.get(kind) as ImageDefinition;

/** The ids of one family. */
export const idsOfFamily = (definitions: DefinitionMap, family: StepDefinition['family']): string[] =>
  [...definitions.values()].filter((definition) => definition.family === family).map(({ id }) => id);

/** Throws an InputError that names the step that is not valid, and the reason. Each kind may occur once. */
export function expectSteps(steps: readonly AnyStep[], definitions: DefinitionMap): void {
  const value: unknown = steps;
  if (!Array.isArray(value)) throw new InputError(`Expected steps to be an array, got ${typeof value}`);
  steps.forEach((step, i) => {
    expectOneOf(`steps[${i}].kind`, step?.kind, [...definitions.keys()]);
    expectStep(`steps[${i}]`, step, definitions.get(step.kind)!);
    const earlier = steps.findIndex(({ kind }) => kind === step.kind);
    if (earlier < i)
      throw new InputError(
        `Expected each kind of step once, got ${step.kind} at steps[${earlier}] and steps[${i}]`,
      );
  });
}

function expectStep(name: string, step: AnyStep, definition: StepDefinition): void {
  const { mainOption, schema } = definition;
  expectFields(name, step, schema);
  const requirement = definition.check?.(step);
  if (requirement === undefined) return;
  if (mainOption && Object.keys(step).length === 1)
    expectOption(`${name}.${mainOption}`, undefined, schema[mainOption]);
  throw new InputError(`Expected ${name} to have ${requirement}, got ${JSON.stringify(step)}`);
}
