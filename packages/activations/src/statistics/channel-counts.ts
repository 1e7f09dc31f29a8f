import { HISTOGRAM_BINS, type ChannelStatistics } from '@convlens/core';
import type { ChannelAccumulators, ChannelAdder } from './channel-accumulators.js';
import { MIDDLE_BIN, SLOTS, TINY_NEGATIVE, ZERO } from './channel-slots.js';
import { scalarAdder } from './scalar-adder.js';
import { simdAdder } from './simd-adder.js';

/** The statistics of a layer output, channel by channel. */
export interface ChannelCounts {
  /**
   * Adds values, positions x channels. With `rectified` the sums behind a ReLU are added up too, which
   * `readRectified` needs.
   */
  add(values: Float32Array, options?: { rectified?: boolean }): void;
  /** The statistics of all values added so far. */
  read(): ChannelStatistics[];
  /**
   * The statistics of the same values behind a ReLU: exactly those that adding the output of the ReLU would
   * give.
   */
  readRectified(): ChannelStatistics[];
}

/** SIMD where the runtime has it, and the security policy of the page allows WebAssembly. */
function fastestAdder(channels: number): ChannelAdder {
  try {
    return simdAdder(channels);
  } catch {
    return scalarAdder(channels);
  }
}

/** The most positions that fit in the 32-bit counters. */
const MAX_COUNT = 2 ** 32 - 1;

/** The 32-bit counters of the accumulators. Before one of them can overflow, all are moved to doubles. */
class SlotCounts {
  /** Few image sets are large enough to need it. */
  private moved?: Float64Array;
  private added = 0;

  constructor(
    private readonly counts: Uint32Array,
    private readonly limit: number,
  ) {}

  /** Makes room for some more positions. */
  reserve(positions: number): void {
    if (this.added + positions > this.limit) this.move();
    this.added += positions;
  }

  private move(): void {
    const moved = (this.moved ??= new Float64Array(this.counts.length));
    this.counts.forEach((count, slot) => (moved[slot] += count));
    this.counts.fill(0);
    this.added = 0;
  }

  read(channel: number, slot: number): number {
    const position = channel * SLOTS + slot;
    return this.counts[position] + (this.moved?.[position] ?? 0);
  }
}

function readChannel(
  { sums, squares, mins, maxs }: ChannelAccumulators,
  slots: SlotCounts,
  { channel, count }: { channel: number; count: number },
): ChannelStatistics {
  const zeros = slots.read(channel, ZERO);
  const zeroOrTiny = zeros + slots.read(channel, TINY_NEGATIVE);
  const histogram = Float64Array.from({ length: HISTOGRAM_BINS }, (_, bin) => slots.read(channel, bin));
  const negative = histogram.subarray(0, MIDDLE_BIN).reduce((sum, n) => sum + n, 0);
  histogram[MIDDLE_BIN] += zeroOrTiny;
  return {
    count,
    sum: sums[channel],
    sumOfSquares: squares[channel],
    min: mins[channel],
    max: maxs[channel],
    zeros,
    nonPositive: negative + zeroOrTiny,
    histogram,
  };
}

/** The statistics of a channel behind a ReLU: negative values count as zeros. */
function rectifyChannel(
  { count, min, max, nonPositive, histogram }: ChannelStatistics,
  { sum, sumOfSquares }: { sum: number; sumOfSquares: number },
): ChannelStatistics {
  const negative = histogram.subarray(0, MIDDLE_BIN).reduce((total, n) => total + n, 0);
  const rectified = histogram.slice().fill(0, 0, MIDDLE_BIN);
  rectified[MIDDLE_BIN] += negative;
  return {
    count,
    sum,
    sumOfSquares,
    // Without values, or with NaN alone, the extremes stay infinite.
    min: Math.max(0, min),
    max: min > max ? max : Math.max(0, max),
    zeros: nonPositive,
    nonPositive,
    histogram: rectified,
  };
}

/**
 * Adds up the values of a layer output.
 *
 * @param limit the number of positions after which counts move to doubles
 */
export function channelCounts(
  channels: number,
  adder = fastestAdder(channels),
  { limit = MAX_COUNT } = {},
): ChannelCounts {
  const { accumulators, add } = adder;
  const { positiveSums, positiveSquares } = accumulators;
  const slots = new SlotCounts(accumulators.counts, limit);
  let count = 0;
  const read = () =>
    Array.from({ length: channels }, (_, channel) => readChannel(accumulators, slots, { channel, count }));
  return {
    add(values, { rectified = false } = {}) {
      const positions = values.length / channels;
      slots.reserve(positions);
      add(values, rectified);
      count += positions;
    },
    read,
    readRectified: () =>
      read().map((statistics, c) =>
        rectifyChannel(statistics, { sum: positiveSums[c], sumOfSquares: positiveSquares[c] }),
      ),
  };
}
