/**
 * Histograms share one fixed set of bins, so that those of two parts of a data set add up exactly. A bin for values
 * that are zero (or nearer to it than 2^-20), and on each side 16 bins an octave from 2^-20 to 2^20, equally wide within
 * the octave: a value is known from the middle of its bin to within 1/32 (3.1%). The bin is the sign, the exponent and
 * the first four bits of the mantissa of a float32.
 */
const OCTAVES = 40;
const BINS_PER_OCTAVE = 16;
const LOWEST = -20;
const SIDE = OCTAVES * BINS_PER_OCTAVE;

/** The number of bins: negative values first, largest magnitude first; zero in the middle. */
export const HISTOGRAM_BINS = 2 * SIDE + 1;

/** The largest error of a value that is taken from the middle of its bin, as a share of the value. */
export const HISTOGRAM_ERROR = 1 / (2 * BINS_PER_OCTAVE);

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The bin of `value`, a float32; values beyond 2^20 count in the outermost bin. NaN has none: -1. */
export function histogramBin(value: number): number {
  if (value !== value) return -1;
  float[0] = Math.abs(value);
  if (float[0] < 2 ** LOWEST) return SIDE;
  // A float32's exponent counts from 127, and 19 bits of its mantissa are left out.
  const step = Math.min(SIDE - 1, (bits[0] >>> 19) - (127 + LOWEST) * BINS_PER_OCTAVE);
  return value > 0 ? SIDE + 1 + step : SIDE - 1 - step;
}

/** The bounds [lower, upper] of a bin. */
export function histogramEdges(bin: number): [number, number] {
  if (bin === SIDE) return [-(2 ** LOWEST), 2 ** LOWEST];
  const step = Math.abs(bin - SIDE) - 1;
  const edge = (at: number) =>
    2 ** (LOWEST + Math.floor(at / BINS_PER_OCTAVE)) * (1 + (at % BINS_PER_OCTAVE) / BINS_PER_OCTAVE);
  const [near, far] = [edge(step), edge(step + 1)];
  return bin > SIDE ? [near, far] : [-far, -near];
}

/** What is known of all values of one channel (or one unit of a dense layer) over the images that were seen. */
export interface ChannelStatistics {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly min: number;
  readonly max: number;
  /** How many values are zero (or nearer to it than 2^-130), and zero or below (LeakyReLU has no zeros). */
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
