/** If parts take more memory than this, there are fewer. */
const MAX_BYTES = 4 << 20;

/**
 * The number of partial sums of a filter gradient over `units` of work: at most 8, or 4 if `bytes` is over 4
 * MiB. It depends on sizes only, and the parts are added in a fixed order, so that results do not depend on
 * the number of threads.
 *
 * @param bytes the memory of several parts: 4 in Winograd's algorithm, 8 in direct convolution
 */
export const partialSumCount = (units: number, bytes: number): number =>
  Math.max(1, Math.min(units, bytes > MAX_BYTES ? 4 : 8));
