import { expectAnyNumber, expectInteger } from '../guards/values.js';

/*
 * All histograms share one fixed set of bins, so that those of two parts of a set add up exactly. There is one bin for values
 * whose magnitude is below 2^-20, and on each side of it 16 bins per octave from 2^-20 to 2^20, equally wide within an
 * octave. The middle of a bin differs from its values by at most 1/32 (3.1%). The bin of a float32 is its sign, its exponent
 * and the first four bits of its mantissa.
 */
const OCTAVES = 40;
const BINS_PER_OCTAVE = 16;
const LOWEST_EXPONENT = -20;
/** The bins on each side of the middle, and thus also the index of the middle one. */
const MIDDLE_BIN = OCTAVES * BINS_PER_OCTAVE;
const FLOAT32_EXPONENT_BIAS = 127;
/** The 19 bits of the mantissa that are left out. */
const MANTISSA_SHIFT = 19;

/** The number of bins: negative values first, largest magnitude first; zero in the middle. */
export const HISTOGRAM_BINS = 2 * MIDDLE_BIN + 1;

/** The largest relative difference between a value and the middle of its bin. */
export const HISTOGRAM_ERROR = 1 / (2 * BINS_PER_OCTAVE);

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The bin of a float32; values beyond 2^20 are counted in the outermost bin. NaN has no bin: -1. */
export function histogramBin(value: number): number {
  // Not a call for each value: this is the inner loop of layer statistics.
  if (typeof value !== 'number') expectAnyNumber('value', value);
  if (Number.isNaN(value)) return -1;
  float[0] = Math.abs(value);
  if (float[0] < 2 ** LOWEST_EXPONENT) return MIDDLE_BIN;
  const firstBin = (FLOAT32_EXPONENT_BIAS + LOWEST_EXPONENT) * BINS_PER_OCTAVE;
  const step = Math.min(MIDDLE_BIN - 1, (bits[0] >>> MANTISSA_SHIFT) - firstBin);
  return value > 0 ? MIDDLE_BIN + 1 + step : MIDDLE_BIN - 1 - step;
}

/** The bounds [lower, upper] of a bin. */
export function histogramEdges(bin: number): [number, number] {
  expectInteger('bin', bin, { max: HISTOGRAM_BINS - 1 });
  if (bin === MIDDLE_BIN) return [-(2 ** LOWEST_EXPONENT), 2 ** LOWEST_EXPONENT];
  const step = Math.abs(bin - MIDDLE_BIN) - 1;
  const edge = (position: number) => {
    const octave = Math.floor(position / BINS_PER_OCTAVE);
    return 2 ** (LOWEST_EXPONENT + octave) * (1 + (position % BINS_PER_OCTAVE) / BINS_PER_OCTAVE);
  };
  const [near, far] = [edge(step), edge(step + 1)];
  return bin > MIDDLE_BIN ? [near, far] : [-far, -near];
}

/** Statistics of one channel, or of one unit of a dense layer, over all its values for some images. */
export interface ChannelStatistics {
  /** The number of values. */
  readonly count: number;
  /** The sum of the values. */
  readonly sum: number;
  /** The sum of their squares. */
  readonly sumOfSquares: number;
  /** The smallest value. */
  readonly min: number;
  /** The largest value. */
  readonly max: number;
  /** The number of zeros: values whose magnitude is below 2^-130. */
  readonly zeros: number;
  /** The number of values that are zero or negative. LeakyReLU has no zeros. */
  readonly nonPositive: number;
  /** HISTOGRAM_BINS counts. */
  readonly histogram: Float64Array;
}

/** Statistics of the outputs of a layer for some images. Those of two parts of a set add up to those of the whole set. */
export interface LayerStatistics {
  /** The name of the layer. */
  readonly layer: string;
  /** Without the batch axis: [height, width, channels] or [units]. */
  readonly shape: readonly number[];
  /** The number of images. */
  readonly imageCount: number;
  /** One per channel or unit. */
  readonly channels: readonly ChannelStatistics[];
}
