import { expect, it } from 'vitest';
import { classColor, COLOR_MAPS, colorTable, type ColorMap } from '../../src/index.js';

const colorAt = (map: ColorMap, i: number) => [...colorTable(map).slice(i * 3, i * 3 + 3)];

// Entries 0, 128 and 255 of the maps of Matplotlib, as bytes.
it.each([
  ['viridis', [68, 1, 84], [33, 145, 140], [253, 231, 37]],
  ['inferno', [0, 0, 4], [188, 55, 84], [252, 255, 164]],
  ['magma', [0, 0, 4], [183, 55, 121], [252, 253, 191]],
  ['hot', [11, 0, 0], [255, 92, 0], [255, 255, 255]],
  ['jet', [0, 0, 128], [125, 255, 122], [128, 0, 0]],
  ['gray', [0, 0, 0], [128, 128, 128], [255, 255, 255]],
] as const)('%s has the colors of Matplotlib', (map, first, middle, last) => {
  for (const [i, expected] of [first, middle, last].entries()) {
    const color = colorAt(map, [0, 128, 255][i]);
    color.forEach((level, c) => expect(Math.abs(level - expected[c])).toBeLessThanOrEqual(1));
  }
});

it('the diverging map runs from blue through white to red', () => {
  const [low, middle, high] = [0, 128, 255].map((i) => colorAt('diverging', i));
  expect(low[2]).toBeGreaterThan(low[0] + 50);
  expect(high[0]).toBeGreaterThan(high[2] + 50);
  expect(Math.min(...middle)).toBeGreaterThan(235);
});

it('each map has 256 colors; an unknown name is refused with a list of the names', () => {
  for (const map of COLOR_MAPS) expect(colorTable(map)).toHaveLength(768);
  expect(() => colorTable('rainbow' as ColorMap)).toThrow(
    'Expected colorMap to be one of viridis, inferno, magma, gray, hot, jet, diverging, got "rainbow"',
  );
});

it('thirty classes have thirty colors', () => {
  expect(new Set(Array.from({ length: 30 }, (_, i) => classColor(i))).size).toBe(30);
});
