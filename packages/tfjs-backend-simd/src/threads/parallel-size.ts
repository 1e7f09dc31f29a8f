/*
 * Calls with fewer values than this run on one thread (`serial`): to divide them costs more than it saves.
 */

/** Of most kernels. */
export const MIN_PARALLEL_SIZE = 16_384;

/** Of kernels that only fill, copy or convert, which take less time per value. */
export const MIN_PARALLEL_SIZE_CHEAP = 65_536;

/** Of exponentials, logarithms and random numbers, which take more time per value. */
export const MIN_PARALLEL_SIZE_COSTLY = 4096;
