import {
  expectObject,
  expectFields,
  expectInteger,
  expectNumber,
  expectOptions,
  InputError,
  type OptionNames,
} from '@convlens/core';
import { affineMatrixUnchecked } from '../geometry/affine-matrix.js';
import type { Point, Size } from '../geometry/image.js';
import type { Augmentation } from '../sampling/sample-augmentation.js';
import type { AnyOperation, OperationOf, StepDefinition } from '../steps/definition.js';
import {
  mapDefinitions,
  operationDefinition,
  type BuiltInDefinition,
  type DefinitionMap,
} from '../steps/registry.js';
import { expectAugmentation } from './apply-augmentation.js';

export interface ApplyToPointOptions<D extends StepDefinition = BuiltInDefinition> extends Size {
  /** Default STEP_DEFINITIONS. */
  readonly definitions?: readonly D[];
}

const APPLY_TO_POINT_OPTIONS: OptionNames<ApplyToPointOptions> = {
  height: true,
  width: true,
  definitions: true,
};

/**
 * The position of a point of an image of `height` x `width` pixels after an augmentation; it may be outside
 * the image.
 *
 * @throws InputError if the point, the augmentation or an option is not valid, or if the warp is not
 * invertible.
 */
export function applyToPoint<D extends StepDefinition = BuiltInDefinition>(
  point: Point,
  augmentation: Partial<Augmentation<OperationOf<D>>>,
  options: ApplyToPointOptions<D>,
): Point {
  expectOptions('applyToPoint', options, APPLY_TO_POINT_OPTIONS);
  expectObject('the options of applyToPoint', options);
  expectFields('Point', 'point', point, { row: 'number', column: 'number' });
  expectObject('augmentation', augmentation);
  const { height, width } = options;
  expectInteger('height', height, { min: 1 });
  expectInteger('width', width, { min: 1 });
  expectNumber('point.row', point.row);
  expectNumber('point.column', point.column);
  const definitions = mapDefinitions(options.definitions);
  const complete = expectAugmentation(augmentation, definitions);
  const before = movePoint(point, complete.before, definitions);
  return movePoint(warpPoint(before, complete, { height, width }), complete.after, definitions);
}

/** The matrix maps output to input coordinates; its inverse moves a point as the content moves. */
function warpPoint({ row, column }: Point, augmentation: Augmentation<AnyOperation>, size: Size): Point {
  const { xx, xy, x, yx, yy, y } = affineMatrixUnchecked(augmentation, size);
  const determinant = xx * yy - xy * yx;
  if (determinant === 0) throw new InputError('Expected an invertible warp, got a zoom factor of 0');
  return {
    row: (xx * (row - y) - yx * (column - x)) / determinant,
    column: (yy * (column - x) - xy * (row - y)) / determinant,
  };
}

const movePoint = (point: Point, operations: readonly AnyOperation[], definitions: DefinitionMap): Point =>
  operations.reduce<Point>(
    (moved, operation) =>
      operationDefinition(definitions, operation.kind).movePoint?.(moved, operation) ?? moved,
    { row: point.row, column: point.column },
  );
