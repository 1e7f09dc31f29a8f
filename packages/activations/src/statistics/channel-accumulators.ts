import { SLOTS } from './channel-slots.js';

/** Sums, extremes and counts, one per channel. */
export interface ChannelAccumulators {
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  /** The sum of the positive values, which are the output of a ReLU. */
  readonly positiveSums: Float64Array;
  readonly positiveSquares: Float64Array;
  readonly mins: Float32Array;
  readonly maxs: Float32Array;
  /** channels x SLOTS. */
  readonly counts: Uint32Array;
}

/** Adds values to accumulators. */
export interface ChannelAdder {
  readonly accumulators: ChannelAccumulators;
  /**
   * @param values positions x channels
   * @param rectified whether to add to the positive sums too
   */
  add(values: Float32Array, rectified: boolean): void;
}

/** SIMD reads the values of four channels at a time. */
const paddedTo4 = (channels: number) => 4 * Math.ceil(channels / 4);

/** The size of the accumulators in bytes. */
export const accumulatorBytes = (channels: number) => 40 * paddedTo4(channels) + 4 * channels * SLOTS;

/** Empty accumulators in `memory`, from the byte `offset` on. */
export function allocateAccumulators(memory: ArrayBuffer, channels: number, offset = 0): ChannelAccumulators {
  let end = offset;
  const take = (bytes: number) => (end += bytes) - bytes;
  const doubles = () => new Float64Array(memory, take(8 * paddedTo4(channels)), channels);
  const floats = () => new Float32Array(memory, take(4 * paddedTo4(channels)), channels);
  return {
    sums: doubles(),
    squares: doubles(),
    positiveSums: doubles(),
    positiveSquares: doubles(),
    mins: floats().fill(Infinity),
    maxs: floats().fill(-Infinity),
    counts: new Uint32Array(memory, take(4 * channels * SLOTS), channels * SLOTS),
  };
}
