import { decode } from 'fast-png';
import { expect, it } from 'vitest';
import { featureMapGrid, imageGrid, serialize, trainingCurves } from '../src/index.js';
import { renderPng, renderSvg, svgToPng } from '../src/node.js';
import { document } from './support/dom.js';
import { makeHistory, makeImages, makeMaps } from './support/records.js';

const pixelAt = ({ data, width, channels }: ReturnType<typeof decode>, [x, y]: [number, number]) => [
  ...data.slice((y * width + x) * channels, (y * width + x) * channels + 3),
];

it('renders the same text as serialize', () => {
  const text = renderSvg(trainingCurves, makeHistory(), { testAccuracy: 0.85 });
  expect(text).toBe(serialize(trainingCurves(makeHistory(), { document, testAccuracy: 0.85 })));
});

it('renders a PNG twice as large as the figure by default, with the same bytes each time', () => {
  const once = renderPng(imageGrid, makeImages({ count: 2 }), { pixelRatio: 1 });
  const twice = renderPng(imageGrid, makeImages({ count: 2 }));
  expect(decode(twice).width).toBe(2 * decode(once).width);
  expect(renderPng(imageGrid, makeImages({ count: 2 }))).toEqual(twice);
});

it('passes the options of the figure on', () => {
  const options = { scale: 'shared', colorMap: 'magma' } as const;
  const png = renderPng(featureMapGrid, makeMaps(), { ...options, pixelRatio: 1 });
  expect(png).toEqual(svgToPng(renderSvg(featureMapGrid, makeMaps(), options), { pixelRatio: 1 }));
});

it('renders the pixels of an image as squares with hard edges', () => {
  const images = {
    ...makeImages({ count: 1, size: 2 }),
    pixels: Uint8Array.of(9, 9, 9, 200, 0, 0, 0, 200, 0, 0, 0, 200),
  };
  const svg = imageGrid(images, { document });
  const image = svg.querySelector('image')!;
  const group = svg
    .querySelector('g')!
    .getAttribute('transform')!
    .match(/[\d.]+/g)!
    .map(Number);
  const [left, top, side] = ['x', 'y', 'width'].map((name) => Number(image.getAttribute(name)));
  const png = decode(svgToPng(serialize(svg), { pixelRatio: 2 }));
  for (let y = 2; y < 2 * side - 2; y++)
    for (let x = 2; x < 2 * side - 2; x++) {
      const pixel = (y < side ? 0 : 2) + (x < side ? 0 : 1);
      const expected = [...images.pixels.subarray(pixel * 3, pixel * 3 + 3)];
      const actual = pixelAt(png, [2 * (group[0] + left) + x, 2 * (group[1] + top) + y]);
      if (actual.join() !== expected.join()) expect.fail(`at ${x}, ${y}: ${actual} instead of ${expected}`);
    }
});

it('renders text in Inter, whatever fonts are installed', () => {
  const text = (content: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20">
      <text x="2" y="15" font-family="Inter">${content}</text></svg>`;
  const ink = (content: string) => decode(svgToPng(text(content))).data.filter((level) => level > 0).length;
  expect(ink('')).toBe(0);
  expect(ink('Accuracy')).toBeGreaterThan(500);
});

it('fills transparent parts with the background', () => {
  const empty = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>';
  expect(pixelAt(decode(svgToPng(empty, { background: '#ff8000' })), [1, 1])).toEqual([255, 128, 0]);
});

it('refuses a pixelRatio of zero', () => {
  expect(() => renderPng(featureMapGrid, makeMaps(), { pixelRatio: 0 })).toThrow(
    'Expected pixelRatio to be a number from 0.01 to 32, got 0',
  );
});
