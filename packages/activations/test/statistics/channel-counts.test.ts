import { HISTOGRAM_BINS, histogramBin, randomAt } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { channelCounts } from '../../src/statistics/channel-counts.js';
import { scalarAdder } from '../../src/statistics/scalar-adder.js';
import { simdAdder } from '../../src/statistics/simd-adder.js';

/** Values of any size and sign, with special float32 values and the edges of the bins. */
function difficultValues(count: number): Float32Array {
  const random = randomAt(1);
  const values = new Float32Array(count);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < count; i++)
    values[i] = (random() < 0.5 ? -1 : 1) * 2 ** (60 * random() - 30) * (random() < 0.2 ? 0 : 1);
  for (let i = 0; i < 640; i++) {
    values[2 * i] = 2 ** (-20 + i / 16);
    bits[2 * i + 1] = bits[2 * i] - 1;
  }
  values.set([0, -0, 2 ** -20, -(2 ** -20), 2 ** -21, -(2 ** -21), 2 ** 20, 1e30, -1e30], 2000);
  return values;
}

describe.each([
  ['simdAdder', simdAdder],
  ['scalarAdder', scalarAdder],
])('channelCounts with %s', (_, adder) => {
  it.each([1, 3, 4, 10, 64, 2048])(
    'computes the statistics of %i channels by their definition, for any parts',
    (channels) => {
      const values = difficultValues(Math.max(4096, 37 * channels));
      const rows = Math.floor(values.length / channels);
      const used = values.subarray(0, rows * channels);
      const counts = channelCounts(channels, adder(channels));
      const border = Math.floor(rows / 3) * channels;
      counts.add(used.subarray(0, border));
      counts.add(used.subarray(border));
      const statistics = counts.read();
      for (const c of [0, Math.floor(channels / 2), channels - 1]) {
        const channel = Array.from({ length: rows }, (_, row) => used[row * channels + c]);
        const histogram = new Float64Array(HISTOGRAM_BINS);
        for (const value of channel) histogram[histogramBin(value)]++;
        expect(statistics[c]).toEqual({
          count: rows,
          sum: channel.reduce((sum, value) => sum + value, 0),
          sumOfSquares: channel.reduce((sum, value) => sum + value * value, 0),
          min: Math.min(...channel),
          max: Math.max(...channel),
          zeros: channel.filter((value) => value === 0).length,
          nonPositive: channel.filter((value) => value <= 0).length,
          histogram,
        });
      }
    },
  );

  it('counts NaN in no bin, ignores it in the extremes, and makes the sums NaN', () => {
    const counts = channelCounts(1, adder(1));
    counts.add(Float32Array.of(1, NaN, -2, Infinity));
    const [{ histogram, ...rest }] = counts.read();
    expect(rest).toMatchObject({ count: 4, sum: NaN, min: -2, max: Infinity, zeros: 0, nonPositive: 1 });
    expect(histogram.reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  it.each([1, 4, 10, 64])('computes the statistics of %i channels behind a ReLU, bit by bit', (channels) => {
    const values = difficultValues(4200);
    values.fill(-1, 0, 20 * channels);
    for (const used of [
      values.subarray(0, 60 * channels),
      new Float32Array(0),
      Float32Array.from({ length: channels }, () => NaN),
    ]) {
      const [input, output] = [0, 0].map(() => channelCounts(channels, adder(channels)));
      for (const part of [used.subarray(0, 20 * channels), used.subarray(20 * channels)]) {
        input.add(part, { rectified: true });
        output.add(part.map((value) => Math.max(0, value)));
      }
      expect(input.readRectified()).toEqual(output.read());
    }
  });

  it('moves counts to doubles before they exceed the limit', () => {
    const limited = channelCounts(2, adder(2), { limit: 5 });
    const unlimited = channelCounts(2, adder(2));
    const values = difficultValues(4096);
    for (let start = 0; start < 40; start += 8)
      for (const counts of [limited, unlimited]) counts.add(values.subarray(1990 + start, 1998 + start));
    expect(limited.read()).toEqual(unlimited.read());
    expect(limited.read()[0].count).toBe(20);
  });

  it('continues after it was read', () => {
    const counts = channelCounts(2, adder(2));
    counts.add(Float32Array.of(1, 2));
    expect(counts.read()[1].sum).toBe(2);
    counts.add(Float32Array.of(3, 4));
    expect(counts.read()[1]).toMatchObject({ count: 2, sum: 6, max: 4 });
  });
});
