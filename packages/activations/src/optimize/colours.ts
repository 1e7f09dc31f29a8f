import { transpose, type Matrix } from './separable.js';

/**
 * The axes along which red, green and blue vary independently in the training images of CIFAR-10 (principal components of
 * the 51.2 million pixels, each as long as its deviation, the longest set to 1): light and dark, red against blue, and
 * green against both.
 */
export const CIFAR_COLOURS: Matrix = [
  [0.557994, 0.577479, 0.595954],
  [0.201057, 0.013216, -0.201057],
  [0.056561, -0.105843, 0.049604],
];

/** The inverse of a matrix whose rows are orthogonal to one another. */
export const invertOrthogonal = (matrix: Matrix): Matrix =>
  transpose(
    matrix.map((row) => {
      const square = row.reduce((sum, value) => sum + value * value, 0);
      return row.map((value) => value / square);
    }),
  );
