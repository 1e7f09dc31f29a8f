import type { Random } from '@convlens/core';
import type { Geometry } from '../geometry/geometry.js';
import type { MutableImage, Point, Size } from '../geometry/image.js';
import type { Box } from './box.js';
import type { OptionSchema } from './option-schema.js';

/** An augmentation step of any kind: plain data, the `kind` and the options that its definition declares. */
export interface AnyStep {
  readonly kind: string;
}

/** A sampled operation of any kind: plain data. */
export interface AnyOperation {
  readonly kind: string;
}

/** The name, the text and the options of a step: the part that all families share. */
export interface BaseDefinition<S extends AnyStep> {
  /** The `kind` of the step. It is also a key of the step's random numbers: another id samples others. */
  readonly id: S['kind'];
  /** The name in text, such as "cutout". */
  readonly keyword: string;
  /** The option that follows the keyword in text, as in "cutout=8"; default none. */
  readonly mainOption?: string;
  /** The options of the step. */
  readonly schema: OptionSchema;
  /** For rules about several options: the requirement that a step violates, in words. */
  check?(step: S): string | undefined;
}

/** A step that moves pixels: it writes its sampled parameters into the one warp of the chain. */
export interface GeometryDefinition<S extends AnyStep = AnyStep> extends BaseDefinition<S> {
  readonly family: 'geometry';
  sample(step: S, random: Random, geometry: Geometry, context: Size & { readonly epoch: number }): void;
  /** The epoch whose random numbers the step uses in `epoch`; default `epoch` itself. */
  seedEpoch?(step: S, epoch: number): number;
}

/** A step that changes one image. */
export interface ImageDefinition<
  S extends AnyStep = AnyStep,
  O extends AnyOperation = AnyOperation,
> extends BaseDefinition<S> {
  readonly family: 'image';
  /**
   * The operation for one image: plain data, complete, so that it can be applied again. Undefined changes
   * nothing.
   */
  sample(step: S, random: Random, size: Size): O | undefined;
  /** The fields of the operation. */
  readonly operationSchema: OptionSchema;
  /** Changes the image in place. */
  apply(image: MutableImage, operation: O): void;
  /**
   * The position of `point` after the operation. Only for operations that move pixels, together with
   * `moveMask`.
   */
  movePoint?(point: Point, operation: O): Point;
  /** Moves a mask in place as `apply` moves the image; `fillValue` is the class outside. */
  moveMask?(mask: MutableImage, operation: O, fillValue: number): void;
}

/** A step that mixes each image of a batch with a partner. */
export interface BatchDefinition<S extends AnyStep = AnyStep> extends BaseDefinition<S> {
  readonly family: 'batch';
  /** 'blend' adds the weighted images (MixUp), 'box' pastes a box of the partner (CutMix). */
  readonly mixture: 'blend' | 'box';
  /** For one pair: the weight of the image itself, 0 to 1, and with mixture 'box' the box. */
  sample(step: S, random: Random, size: Size): { readonly lambda: number; readonly box?: Box };
}

export type StepDefinition = GeometryDefinition | ImageDefinition | BatchDefinition;

/** The steps that definitions of type `D` describe. */
export type StepOf<D> = D extends { sample(step: infer S, ...rest: never[]): unknown } ? S & AnyStep : never;

/** The operations that definitions of type `D` sample. */
export type OperationOf<D> = D extends { apply(image: never, operation: infer O): unknown }
  ? O & AnyOperation
  : never;
