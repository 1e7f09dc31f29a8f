import { expect, it } from 'vitest';
import { classColor, COLOR_MAPS, colorTable, type ColorMap } from '../src/index.js';

const colorAt = (map: ColorMap, i: number) => [...colorTable(map).slice(i * 3, i * 3 + 3)];

// Entries 0, 128 and 255 of Matplotlib's maps of these names, as bytes.
it.each([
  ['viridis', [68, 1, 84], [33, 145, 140], [253, 231, 37]],
  ['inferno', [0, 0, 4], [188, 55, 84], [252, 255, 164]],
  ['magma', [0, 0, 4], [183, 55, 121], [252, 253, 191]],
  ['hot', [11, 0, 0], [255, 92, 0], [255, 255, 255]],
  ['jet', [0, 0, 128], [125, 255, 122], [128, 0, 0]],
  ['grey', [0, 0, 0], [128, 128, 128], [255, 255, 255]],
] as const)('has the colours of Matplotlib in %s', (map, first, middle, last) => {
  for (const [i, expected] of [first, middle, last].entries()) {
    const found = colorAt(map, [0, 128, 255][i]);
    found.forEach((level, c) => expect(Math.abs(level - expected[c])).toBeLessThanOrEqual(1));
  }
});

it('has blue, white and red in the diverging one, white in its middle', () => {
  const [low, middle, high] = [0, 128, 255].map((i) => colorAt('diverging', i));
  expect(low[2]).toBeGreaterThan(low[0] + 50);
  expect(high[0]).toBeGreaterThan(high[2] + 50);
  expect(Math.min(...middle)).toBeGreaterThan(235);
});

it('has 256 colours in each, and lists the names there are when asked for another', () => {
  for (const map of COLOR_MAPS) expect(colorTable(map)).toHaveLength(768);
  expect(() => colorTable('rainbow' as ColorMap)).toThrow(
    'Expected colorMap to be one of viridis, inferno, magma, grey, hot, jet, diverging, got "rainbow"',
  );
});

it('gives thirty classes thirty colours', () => {
  expect(new Set(Array.from({ length: 30 }, (_, i) => classColor(i))).size).toBe(30);
});
