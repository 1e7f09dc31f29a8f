import type { Precision } from './reference/values.js';

/*
 * When is a result of backend simd equal to that of the float64 reference? All tolerances of the fuzz are here.
 *
 * The error of one operation is bounded relative to the largest value of its result, as the README of the package states:
 * 1e-4 with F(4x4, 3x3) and F(2x2, 5x5), 1e-5 otherwise (`BOUND`).
 *
 * In a chain of operations an error is amplified by what follows: a difference of nearly equal values, a division by a
 * small number, a batch norm of few values, the sign of a gradient near 0 in Adam. How much is measured, not assumed: the
 * reference runs again, `NOISE_RUNS` times, with a random error of the size that float32 makes (`ERROR`, measured by
 * bench/accuracy.js) added to the result of each operation. The largest difference of a result between these runs and the
 * exact one, times `HEADROOM`, is added to its tolerance. A well-conditioned program keeps its bound: 4 x 5e-7 is small
 * beside 1e-5.
 *
 * A value near the kink of a ReLU or a maximum may fall on its other side in float32, and its gradient is then another
 * one. The reference runs again with the values on the other side whose distance to the kink is less than `KINK` times
 * the measured error of that distance: all of them, and each half of them. The differences are added to the tolerance.
 *
 * Copies, comparisons and whole numbers, of inputs that are exact, must be exact. A sum of zeros must be 0. Where the reference is NaN
 * the result must be NaN.
 */

/** The bound of one operation, relative to the largest value of its result. */
export const BOUND: Readonly<Record<Precision, number>> = { exact: 0, rounded: 1e-5, winograd: 1e-4 };

/** Smaller values than the normal numbers of float32 (1.2e-38) lose digits. */
export const SMALLEST = 1e-36;

/** The error of one operation in float32, relative to the largest value or the size of its sums. */
export const ERROR: Readonly<Record<Precision, number>> = { exact: 0, rounded: 5e-7, winograd: 1e-5 };

export const NOISE_RUNS = 3;
export const HEADROOM = 4;
export const KINK = 4;
