import { HISTOGRAM_BINS, histogramBin, type ChannelStatistics } from '@convlens/core';
import { CHANNEL_COUNTS_WASM } from './channel-counts.wasm.js';

/** Adds up the values of a layer, channel by channel. */
export interface ChannelCounts {
  /** Adds values that lie [places][channels]; `rectified`: so that `readRectified` can be asked for too. */
  add(values: Float32Array, options?: { rectified?: boolean }): void;
  /** What was added up so far. */
  read(): ChannelStatistics[];
  /** What would have been added up behind a ReLU, exactly: only sums must be known that the record does not tell. */
  readRectified(): ChannelStatistics[];
}

/** A float32's sign, exponent and the first 4 bits of its mantissa: these tell the bin. */
const CUT = 19;
/** Beside the bins, values are counted that are zero, NaN, and those below zero that share the bin of zero. */
const ZERO = HISTOGRAM_BINS;
const NOT_A_NUMBER = HISTOGRAM_BINS + 1;
const TINY_NEGATIVE = HISTOGRAM_BINS + 2;
const SLOTS = HISTOGRAM_BINS + 3;
const MIDDLE = (HISTOGRAM_BINS - 1) / 2;

let table: Uint16Array | undefined;

/** Where values are counted, by their first 13 bits. */
function makeTable(): Uint16Array {
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  return Uint16Array.from({ length: 2 ** (32 - CUT) }, (_, prefix) => {
    bits[0] = prefix << CUT;
    if (float[0] === 0) return ZERO;
    const bin = histogramBin(float[0]);
    if (bin < 0) return NOT_A_NUMBER;
    return bin === MIDDLE && float[0] < 0 ? TINY_NEGATIVE : bin;
  });
}

interface Accumulators {
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  /** The same of what is above zero. */
  readonly positiveSums: Float64Array;
  readonly positiveSquares: Float64Array;
  readonly mins: Float32Array;
  readonly maxs: Float32Array;
  /** channels x SLOTS; emptied into doubles before a count can overflow. */
  readonly counts: Uint32Array;
}

/** Where the table lies in WebAssembly's memory. */
const TABLE_AT = 0;

/** Bytes of values that are taken at a time. */
const PART = 2 ** 18;

/** As many accumulators as there are channels, in a memory that holds `before` bytes of other things first. */
function layOut(memory: ArrayBuffer, channels: number, before = 0): Accumulators & { readonly end: number } {
  // Four single-precision values are read at a time.
  const padded = 4 * Math.ceil(channels / 4);
  let end = before;
  const take = (bytes: number) => (end += bytes) - bytes;
  const accumulators = {
    sums: new Float64Array(memory, take(8 * padded), channels),
    squares: new Float64Array(memory, take(8 * padded), channels),
    positiveSums: new Float64Array(memory, take(8 * padded), channels),
    positiveSquares: new Float64Array(memory, take(8 * padded), channels),
    mins: new Float32Array(memory, take(4 * padded), channels).fill(Infinity),
    maxs: new Float32Array(memory, take(4 * padded), channels).fill(-Infinity),
    counts: new Uint32Array(memory, take(4 * channels * SLOTS), channels * SLOTS),
  };
  return { ...accumulators, end };
}

const sizeOf = (channels: number) => 40 * 4 * Math.ceil(channels / 4) + 4 * channels * SLOTS;

/** Adds values to accumulators, and, if `rectified`, to the sums of what is above zero. */
interface Adder {
  readonly accumulators: Accumulators;
  add(values: Float32Array, rectified: boolean): void;
}

/** Adds values by plain JavaScript, in passes of few arrays each, which is faster than one pass of all. */
export function plainAdder(channels: number): Adder {
  const accumulators = layOut(new ArrayBuffer(sizeOf(channels)), channels);
  const { sums, squares, positiveSums, positiveSquares, mins, maxs, counts } = accumulators;
  const slotOf = (table ??= makeTable());
  const add = (values: Float32Array, rectified: boolean) => {
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    for (let i = 0; i < values.length; i += channels)
      for (let c = 0; c < channels; c++) {
        const value = values[i + c];
        sums[c] += value;
        squares[c] += value * value;
      }
    for (let i = 0; i < values.length; i += channels)
      for (let c = 0; c < channels; c++) {
        const value = values[i + c];
        if (value < mins[c]) mins[c] = value;
        if (value > maxs[c]) maxs[c] = value;
      }
    for (let i = 0; i < values.length; i += channels)
      for (let c = 0; c < channels; c++) counts[c * SLOTS + slotOf[bits[i + c] >>> CUT]]++;
    for (let i = 0; rectified && i < values.length; i += channels)
      for (let c = 0; c < channels; c++) {
        const value = Math.max(0, values[i + c]);
        positiveSums[c] += value;
        positiveSquares[c] += value * value;
      }
  };
  return { accumulators, add };
}

let compiled: WebAssembly.Module | undefined;

/** The same by WebAssembly SIMD, about five times as fast; throws where there is none. */
export function simdAdder(channels: number): Adder {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(CHANNEL_COUNTS_WASM), (c) => c.charCodeAt(0)));
  table ??= makeTable();
  const size = Math.max(1, Math.floor(PART / 4 / channels)) * channels;
  const fixed = table.byteLength + 4 * 4 * Math.ceil(size / 4);
  const memory = new WebAssembly.Memory({ initial: Math.ceil((fixed + sizeOf(channels)) / 65536) });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const accumulators = layOut(memory.buffer, channels, fixed);
  const { sums, squares, positiveSums, positiveSquares, mins, maxs, counts } = accumulators;
  new Uint16Array(memory.buffer, TABLE_AT, table.length).set(table);
  const part = new Float32Array(memory.buffer, table.byteLength, size);
  const [addPart, addPositive] = [exports.add, exports.addPositive] as ((...args: number[]) => void)[];
  const places = [sums, squares, mins, maxs, counts].map(({ byteOffset }) => byteOffset);
  const positive = [positiveSums, positiveSquares].map(({ byteOffset }) => byteOffset);
  const add = (values: Float32Array, rectified: boolean) => {
    for (let start = 0; start < values.length; start += size) {
      const now = values.subarray(start, start + size);
      part.set(now);
      addPart(part.byteOffset, now.length / channels, channels, SLOTS, TABLE_AT, ...places);
      if (rectified) addPositive(part.byteOffset, now.length / channels, channels, ...positive);
    }
  };
  return { accumulators, add };
}

/** By SIMD where there is SIMD (and the page's security policy lets WebAssembly be compiled). */
function bestAdder(channels: number) {
  try {
    return simdAdder(channels);
  } catch {
    return plainAdder(channels);
  }
}

/** Values of a channel that can be counted before a count of 32 bits might overflow. */
const MOST = 2 ** 32 - 1;

export function channelCounts(
  channels: number,
  adder = bestAdder(channels),
  { most = MOST } = {},
): ChannelCounts {
  const { accumulators, add } = adder;
  const { sums, squares, positiveSums, positiveSquares, mins, maxs, counts } = accumulators;
  /** Counts that were moved here before they could overflow: few sets are as large as that. */
  let totals: Float64Array | undefined;
  let count = 0;
  let since = 0;
  const empty = () => {
    totals ??= new Float64Array(counts.length);
    for (let i = 0; i < counts.length; i++) totals[i] += counts[i];
    counts.fill(0);
    since = 0;
  };
  const readChannel = (c: number): ChannelStatistics => {
    const first = c * SLOTS;
    const countOf = (slot: number) => counts[first + slot] + (totals ? totals[first + slot] : 0);
    const zeroOrTiny = countOf(ZERO) + countOf(TINY_NEGATIVE);
    const histogram = new Float64Array(HISTOGRAM_BINS);
    let nonPositive = zeroOrTiny;
    for (let bin = 0; bin < HISTOGRAM_BINS; bin++) {
      histogram[bin] = countOf(bin);
      if (bin < MIDDLE) nonPositive += histogram[bin];
    }
    histogram[MIDDLE] += zeroOrTiny;
    const [sum, sumOfSquares, min, max] = [sums, squares, mins, maxs].map((list) => list[c]);
    return { count, sum, sumOfSquares, min, max, zeros: countOf(ZERO), nonPositive, histogram };
  };
  const rectifyChannel = (c: number): ChannelStatistics => {
    const { min, max, nonPositive, histogram: all } = readChannel(c);
    const below = all.subarray(0, MIDDLE).reduce((total, value) => total + value, 0);
    const histogram = all.fill(0, 0, MIDDLE);
    histogram[MIDDLE] += below;
    return {
      count,
      sum: positiveSums[c],
      sumOfSquares: positiveSquares[c],
      // Where there are no values (or none but NaN) the extremes stay infinite.
      min: Math.max(0, min),
      max: min > max ? max : Math.max(0, max),
      zeros: nonPositive,
      nonPositive,
      histogram,
    };
  };
  return {
    add(values, { rectified = false } = {}) {
      const places = values.length / channels;
      if (since + places > most) empty();
      add(values, rectified);
      since += places;
      count += places;
    },
    read: () => Array.from({ length: channels }, (_, c) => readChannel(c)),
    readRectified: () => Array.from({ length: channels }, (_, c) => rectifyChannel(c)),
  };
}
