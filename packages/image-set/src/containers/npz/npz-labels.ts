import { InputError } from '@convlens/core';
import type { NumpyElements } from './numpy-elements.js';
import type { RecordLabel } from '../record-layout.js';

/**
 * The class of each image: an array of indices or names, count or count x 1, or one-hot vectors.
 *
 * @throws InputError if an image has several classes or none
 */
export function labelsOf(array: NumpyElements): RecordLabel[] {
  const { name, shape, strides } = array;
  const [count, classes = 1] = shape;
  if (shape.length === 0 || shape.length > 2 || classes === 0)
    throw new InputError(
      `${name}: expected a label per image, of the shape (count,), (count, 1) or one-hot (count, classes), got ` +
        `(${shape.join(', ')})`,
    );
  if (classes > 1) return Array.from({ length: count }, (_, row) => hotIndex(array, row));
  return Array.from({ length: count }, (_, row) => array.at(row * strides[0]));
}

function hotIndex({ name, shape, strides, at }: NumpyElements, row: number): number {
  let index = -1;
  for (let c = 0; c < shape[1]; c++) {
    const value = at(row * strides[0] + c * strides[1]);
    if (value === 0) continue;
    if (value !== 1 || index >= 0)
      throw new InputError(
        `${name}: expected one class per image, as one 1 among zeros, got ${value === 1 ? 'two classes' : value} of image ${row}`,
      );
    index = c;
  }
  if (index < 0) throw new InputError(`${name}: expected one class per image, got none of image ${row}`);
  return index;
}
