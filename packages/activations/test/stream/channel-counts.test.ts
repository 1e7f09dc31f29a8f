import { HISTOGRAM_BINS, histogramBin, randomAt } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { channelCounts, plainAdder, simdAdder } from '../../src/stream/channel-counts.js';

/** Values of any size and sign, with what is special among float32s and at the edges of bins. */
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
  ['SIMD', simdAdder],
  ['plain JavaScript', plainAdder],
])('channelCounts by %s', (_, adder) => {
  it.each([1, 3, 4, 10, 64, 2048])(
    'adds up %i channels as defined, however the values are cut',
    (channels) => {
      const places = 37;
      const values = difficultValues(Math.max(4096, places * channels));
      const rows = Math.floor(values.length / channels);
      const used = values.subarray(0, rows * channels);
      const counts = channelCounts(channels, adder(channels));
      const cut = Math.floor(rows / 3) * channels;
      counts.add(used.subarray(0, cut));
      counts.add(used.subarray(cut));
      const found = counts.read();
      for (const c of [0, Math.floor(channels / 2), channels - 1]) {
        const own = Array.from({ length: rows }, (_, row) => used[row * channels + c]);
        const histogram = new Float64Array(HISTOGRAM_BINS);
        for (const value of own) histogram[histogramBin(value)]++;
        expect(found[c]).toEqual({
          count: rows,
          sum: own.reduce((sum, value) => sum + value, 0),
          sumOfSquares: own.reduce((sum, value) => sum + value * value, 0),
          min: Math.min(...own),
          max: Math.max(...own),
          zeros: own.filter((value) => value === 0).length,
          nonPositive: own.filter((value) => value <= 0).length,
          histogram,
        });
      }
    },
  );

  it('counts NaN in no bin, leaves it out of the extremes, and lets it spoil the sums', () => {
    const counts = channelCounts(1, adder(1));
    counts.add(Float32Array.of(1, NaN, -2, Infinity));
    const [{ histogram, ...rest }] = counts.read();
    expect(rest).toMatchObject({ count: 4, sum: NaN, min: -2, max: Infinity, zeros: 0, nonPositive: 1 });
    expect(histogram.reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  it.each([1, 4, 10, 64])('tells of %i channels what a ReLU would have put out, bit by bit', (channels) => {
    const values = difficultValues(4200);
    values.fill(-1, 0, 20 * channels);
    for (const used of [
      values.subarray(0, 60 * channels),
      new Float32Array(0),
      Float32Array.from({ length: channels }, () => NaN),
    ]) {
      const [before, behind] = [0, 0].map(() => channelCounts(channels, adder(channels)));
      for (const some of [used.subarray(0, 20 * channels), used.subarray(20 * channels)]) {
        before.add(some, { rectified: true });
        behind.add(some.map((value) => Math.max(0, value)));
      }
      expect(before.readRectified()).toEqual(behind.read());
    }
  });

  it('counts on where 32 bits are too few', () => {
    const few = channelCounts(2, adder(2), { most: 5 });
    const many = channelCounts(2, adder(2));
    const values = difficultValues(4096);
    for (let start = 0; start < 40; start += 8)
      for (const counts of [few, many]) counts.add(values.subarray(1990 + start, 1998 + start));
    expect(few.read()).toEqual(many.read());
    expect(few.read()[0].count).toBe(20);
  });

  it('goes on after it was read', () => {
    const counts = channelCounts(2, adder(2));
    counts.add(Float32Array.of(1, 2));
    expect(counts.read()[1].sum).toBe(2);
    counts.add(Float32Array.of(3, 4));
    expect(counts.read()[1]).toMatchObject({ count: 2, sum: 6, max: 4 });
  });
});
