import { HISTOGRAM_BINS, histogramBin } from '@convlens/core';

/**
 * The counters of a channel: one slot per bin of the histogram, then slots for zeros, for NaN, and for
 * negative values that share the middle bin with zero. The first 13 bits of a float32 determine its slot.
 */
export const ZERO = HISTOGRAM_BINS;
const NOT_A_NUMBER = HISTOGRAM_BINS + 1;
export const TINY_NEGATIVE = HISTOGRAM_BINS + 2;
export const SLOTS = HISTOGRAM_BINS + 3;

/** The bin of zero; values of the bins below are negative. */
export const MIDDLE_BIN = (HISTOGRAM_BINS - 1) / 2;

/** A shift by this many bits leaves sign, exponent and the first 4 bits of the mantissa of a float32. */
export const SLOT_SHIFT = 19;

function slotOf(value: number): number {
  if (value === 0) return ZERO;
  const bin = histogramBin(value);
  if (bin < 0) return NOT_A_NUMBER;
  return bin === MIDDLE_BIN && value < 0 ? TINY_NEGATIVE : bin;
}

let table: Uint16Array | undefined;

/** The slot of each float32, by its first 13 bits. Computed once. */
export function slotTable(): Uint16Array {
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  table ??= Uint16Array.from({ length: 2 ** (32 - SLOT_SHIFT) }, (_, prefix) => {
    bits[0] = prefix << SLOT_SHIFT;
    return slotOf(float[0]);
  });
  return table;
}
