import { expect, it } from 'vitest';
import { imageGrid } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeImages, makePrediction } from '../../support/records.js';
import { descriptionOf, rastersOf, textsOf } from '../../support/svg-queries.js';

const images = makeImages({ count: 12 });
const SIZE = 32 * 32 * 3;
const pixelsAt = (i: number) => [...images.pixels.subarray(i * SIZE, (i + 1) * SIZE)];

it('shows the pixels of the selected images, with label and index', () => {
  const svg = imageGrid(images, { document, indices: [7, 2] });
  const rasters = rastersOf(svg);
  expect(rasters.map(({ data }) => data.join())).toEqual([pixelsAt(7).join(), pixelsAt(2).join()]);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['horse', '#7', 'bird', '#2']));
});

it('rounds and clips the values of a Float32Array', () => {
  const pixels = Float32Array.of(-3, 0.4, 12.6, 300);
  const gray = { ...images, pixels, labels: undefined, count: 1, height: 2, width: 2, channels: 1 };
  const [only] = rastersOf(imageGrid(gray, { document }));
  expect([only.channels, only.data]).toEqual([1, [0, 0, 13, 255]]);
});

it.each([1, 2, 3, 4])('shows images of %i channels', (channels) => {
  const few = makeImages({ count: 1, size: 8, channels });
  expect(rastersOf(imageGrid(few, { document }))[0].data).toEqual([...few.pixels]);
});

it('shows the predicted class in green, with a tick or a cross, and the label in red if it is another class', () => {
  const predictions = [
    makePrediction({ index: 3, label: 3, predicted: 3 }),
    makePrediction({ index: 4, label: 4, predicted: 3 }),
  ];
  const svg = imageGrid(images, { document, indices: [3, 4], predictions });
  const fillOf = (text: string) =>
    [...svg.querySelectorAll('text')].find((t) => t.textContent === text)?.getAttribute('fill');
  expect(fillOf('✓ cat')).toBe('#14803c');
  expect(fillOf('✗ cat')).toBe('#14803c');
  expect(fillOf('deer')).toBe('#cc2936');
  expect(fillOf('cat')).not.toBe('#cc2936');
  expect(textsOf(svg).join(' ')).toContain('Green: the predicted class. Red: the true class, if it is another one.');
  const correct = imageGrid(images, { document, indices: [3], predictions: predictions.slice(0, 1) });
  expect(textsOf(correct).join(' ')).not.toContain('Red');
});

it('counts the predictions of the shown images only', () => {
  const predictions = [3, 4, 5].map((index) => makePrediction({ index, label: index, predicted: 3 }));
  const describeImages = (indices: number[]) =>
    descriptionOf(imageGrid(images, { document, indices, predictions }));
  expect(describeImages([3])).toContain('1 of 1 prediction correct.');
  expect(describeImages([3, 5])).toContain('1 of 2 predictions correct.');
  expect(describeImages([0])).not.toContain('prediction ');
});

it('names a missing image', () => {
  expect(() => imageGrid(images, { document, indices: [12] })).toThrow(
    'Expected images to hold image 12, got the 12 of discs',
  );
});
