import { expectInteger, expectNumber, InputError } from '@convlens/core';
import { expectAugmentation } from './apply.js';
import type { Augmentation } from './draw.js';
import { matrixOf } from './matrix.js';
import type { Operation } from './step.js';

/** A place in an image, in pixels: (0, 0) is the centre of the first one. */
export interface Point {
  readonly row: number;
  readonly column: number;
}

/**
 * Where a point of an image lies after what was drawn for it; that may be outside.
 *
 * @throws InputError if point, size or augmentation do not fit, or the warp maps the image onto a line.
 */
export function applyToPoint(
  point: Point,
  augmentation: Partial<Augmentation>,
  { height, width }: { readonly height: number; readonly width: number },
): Point {
  expectInteger('height', height, { min: 1 });
  expectInteger('width', width, { min: 1 });
  expectNumber('point.row', point.row);
  expectNumber('point.column', point.column);
  const complete = expectAugmentation(augmentation);
  const { xx, xy, x, yx, yy, y } = matrixOf(complete, { height, width });
  const determinant = xx * yy - xy * yx;
  if (determinant === 0)
    throw new InputError('Expected a warp that can be undone, got one with a factor of 0');
  const { row, column } = cropped(point, complete.before);
  // The matrix looks from the output into the input: its inverse goes the way of the content.
  const across = column - x;
  const down = row - y;
  return cropped(
    {
      row: (xx * down - yx * across) / determinant,
      column: (yy * across - xy * down) / determinant,
    },
    complete.after,
  );
}

const cropped = (point: Point, operations: readonly Operation[]) =>
  operations.reduce<Point>(
    ({ row, column }, operation) =>
      operation.kind === 'crop'
        ? { row: row - operation.rows, column: column - operation.columns }
        : { row, column },
    { row: point.row, column: point.column },
  );
