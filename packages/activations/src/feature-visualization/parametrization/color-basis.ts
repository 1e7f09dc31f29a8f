import { transpose, type Matrix } from '../separable-product.js';

/**
 * The principal components of the colors of CIFAR-10: rows of red, green and blue, computed from the 51.2
 * million pixels of the training images. Each row is as long as its standard deviation, with the longest
 * scaled to 1: brightness, red against blue, green against both.
 */
export const CIFAR_COLOR_BASIS: Matrix = [
  [0.557994, 0.577479, 0.595954],
  [0.201057, 0.013216, -0.201057],
  [0.056561, -0.105843, 0.049604],
];

const sumOfSquares = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0);

/** The inverse of a matrix with orthogonal rows. */
export const invertOrthogonal = (matrix: Matrix): Matrix =>
  transpose(matrix.map((row) => row.map((value) => value / sumOfSquares(row))));
