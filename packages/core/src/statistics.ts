/**
 * Histograms share one fixed set of bins, so that those of two parts of a data set add up exactly. A bin for values
 * that are zero (or nearer to it than 2^-20), and on each side 8 bins an octave from 2^-20 to 2^20: a value is known
 * from its bin to within 4.5%.
 */
const OCTAVES = 40;
const BINS_PER_OCTAVE = 8;
const LOWEST = -20;
const SIDE = OCTAVES * BINS_PER_OCTAVE;

/** The number of bins: negative values first, largest magnitude first; zero in the middle. */
export const HISTOGRAM_BINS = 2 * SIDE + 1;

/** The bin of `value`; values beyond 2^20 count in the outermost bin. NaN has none: -1. */
export function histogramBin(value: number): number {
  if (value !== value) return -1;
  const magnitude = Math.abs(value);
  if (magnitude < 2 ** LOWEST) return SIDE;
  const step = Math.min(SIDE - 1, Math.floor((Math.log2(magnitude) - LOWEST) * BINS_PER_OCTAVE));
  return value > 0 ? SIDE + 1 + step : SIDE - 1 - step;
}

/** The bounds [lower, upper] of a bin. */
export function histogramEdges(bin: number): [number, number] {
  if (bin === SIDE) return [-(2 ** LOWEST), 2 ** LOWEST];
  const step = Math.abs(bin - SIDE) - 1;
  const near = 2 ** (LOWEST + step / BINS_PER_OCTAVE);
  const far = 2 ** (LOWEST + (step + 1) / BINS_PER_OCTAVE);
  return bin > SIDE ? [near, far] : [-far, -near];
}

/** What is known of all values of one channel (or one unit of a dense layer) over the images that were seen. */
export interface ChannelStatistics {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly min: number;
  readonly max: number;
  /** How many values are exactly zero (ReLU), and how many are zero or below (LeakyReLU has no zeros). */
  readonly zeros: number;
  readonly nonPositive: number;
  /** HISTOGRAM_BINS counts. */
  readonly histogram: Float64Array;
}

/** The values of one layer over the images that were seen, channel by channel; records of two parts of a set add up. */
export interface LayerStatistics {
  readonly layer: string;
  /** Of one image: [height, width, channels] or [units]. */
  readonly shape: readonly number[];
  /** How many images were seen. */
  readonly images: number;
  readonly channels: readonly ChannelStatistics[];
}
