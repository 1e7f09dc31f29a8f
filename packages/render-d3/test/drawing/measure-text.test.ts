import { svgToPng } from '@convlens/svg-to-png';
import { decode } from 'fast-png';
import { expect, it } from 'vitest';
import { measureText } from '../../src/index.js';
import { fitText, paddedTextWidth, wrapText } from '../../src/drawing/measure-text.js';

/** The width of the rendered text in pixels, by resvg. */
async function inkWidth(text: string, weight: number): Promise<number> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="100">
    <text x="10" y="50" font-family="Inter" font-size="40" font-weight="${weight}">${text}</text></svg>`;
  const { data, width } = decode(await svgToPng(svg, { pixelRatio: 1 }));
  const columns = [...data.keys()]
    .filter((i) => i % 4 === 3 && data[i] > 0)
    .map((i) => ((i - 3) / 4) % width);
  return columns.reduce((a, b) => Math.max(a, b)) - columns.reduce((a, b) => Math.min(a, b)) + 1;
}

it.each([
  ['Feature maps of relu1_1: ship #1', 400],
  ['0123456789 84.98%', 400],
  ['Class probabilities of image #3', 600],
  ['AUTOMOBILE (mean), truck: 12.3', 600],
])('measures %j at weight %i to within 3%% of resvg', async (text, weight) => {
  const measured = measureText(text, { size: 40, bold: weight === 600 });
  expect(Math.abs(measured - (await inkWidth(text, weight))) / measured).toBeLessThan(0.03);
});

it('estimates the width of characters beyond the table: the font size for full-width ones', () => {
  expect(measureText('日本', { size: 10 })).toBe(20);
  expect(measureText('Ж', { size: 10 })).toBeCloseTo(6.8, 9);
});

it('cuts a text with an ellipsis if it does not fit', () => {
  expect(fitText('automobile', 100)).toBe('automobile');
  // Sums of widths are rounded: a width that was computed from that of the text keeps the text.
  for (const text of ['disc', 'ring', 'truck', 'cat', 'W'])
    for (const gap of [0.1, 8, 26.4, 333.3])
      expect(fitText(text, paddedTextWidth(text, { bold: true }) + gap - gap, { bold: true })).toBe(text);
  const cut = fitText('automobile', 40);
  expect(cut).toMatch(/^auto.*…$/);
  expect(measureText(cut)).toBeLessThanOrEqual(40);
  expect(fitText('automobile', 0)).toBe('a…');
});

it('cuts a name of a million characters quickly', () => {
  expect(fitText('x'.repeat(1e6), 40)).toBe(fitText('x'.repeat(10), 40));
});

it('breaks lines at spaces', () => {
  expect(wrapText('aaa bbb ccc', measureText('aaa bbb') * 1.1)).toEqual(['aaa bbb', 'ccc']);
  expect(wrapText('', 100)).toEqual([]);
});
