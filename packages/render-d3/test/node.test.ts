import { svgToPng } from '@convlens/svg-to-png';
import { decode } from 'fast-png';
import { expect, it } from 'vitest';
import { featureMapGrid, imageGrid, serialize, trainingCurves } from '../src/index.js';
import { createDocument, renderSvg } from '../src/node.js';
import { document } from './support/dom.js';
import { makeHistory, makeImages, makeMaps } from './support/records.js';

const pixelAt = ({ data, width, channels }: ReturnType<typeof decode>, [x, y]: [number, number]) => [
  ...data.slice((y * width + x) * channels, (y * width + x) * channels + 3),
];

it('renders the same text as serialize', () => {
  const text = renderSvg(trainingCurves, makeHistory(), { testAccuracy: 0.85 });
  expect(text).toBe(serialize(trainingCurves(makeHistory(), { document, testAccuracy: 0.85 })));
});

it('passes the options of the figure on', () => {
  const options = { scale: 'shared', colorMap: 'magma' } as const;
  const text = renderSvg(featureMapGrid, makeMaps(), options);
  expect(text).toBe(serialize(featureMapGrid(makeMaps(), { document, ...options })));
  expect(text).not.toBe(renderSvg(featureMapGrid, makeMaps()));
});

it('renders with a document of its own where one is given', () => {
  const ownDocument = createDocument();
  expect(renderSvg(imageGrid, makeImages(), { document: ownDocument })).toBe(
    renderSvg(imageGrid, makeImages()),
  );
});

it('renders the pixels of an image as squares with hard edges in a PNG', async () => {
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
  const png = decode(await svgToPng(serialize(svg), { pixelRatio: 2 }));
  for (let y = 2; y < 2 * side - 2; y++)
    for (let x = 2; x < 2 * side - 2; x++) {
      const pixel = (y < side ? 0 : 2) + (x < side ? 0 : 1);
      const expected = [...images.pixels.subarray(pixel * 3, pixel * 3 + 3)];
      const actual = pixelAt(png, [2 * (group[0] + left) + x, 2 * (group[1] + top) + y]);
      if (actual.join() !== expected.join()) expect.fail(`at ${x}, ${y}: ${actual} instead of ${expected}`);
    }
});
