import { augmentationExamples, augmentationStrengths, imageGrid } from '../../src/index.js';
import { makePrediction } from '../support/records.js';
import { casesOf } from './cases.js';
import { firstOf, LONG, strengthRow, type GalleryImages } from './fixtures.js';

const PREDICTIONS = [0, 1, 2, 3, 4, 5].map((index) =>
  makePrediction({ index, label: index, predicted: index % 3 ? index : 6 }),
);

const STEPS = ['brightness', 'contrast', 'noise', 'cutout', 'mixup', 'cutmix', 'shear', 'zoom', 'erase'];

/** The first images, and copies that are flipped and darkened. */
function examplesOf(images: GalleryImages, count: number) {
  const { height, width, channels, pixels, labels } = images;
  const rowLength = width * channels;
  const originals = {
    ...images,
    count,
    pixels: pixels.slice(0, count * height * rowLength),
    labels: labels?.slice(0, count),
  };
  const flipped = originals.pixels.map((_, i) => {
    const row = i - (i % rowLength);
    const mirrored = rowLength - channels - (i % rowLength) + 2 * (i % channels);
    return originals.pixels[row + mirrored] * 0.8;
  });
  return { originals, augmented: { ...originals, pixels: flipped } };
}

function strengthsOf(images: GalleryImages, steps: readonly string[]) {
  const original = firstOf(images);
  return { original, rows: steps.map((step) => strengthRow(original, step)) };
}

export const IMAGE_CASES = [
  casesOf(imageGrid)({
    default: (images) => [
      images,
      { indices: Array.from({ length: 16 }, (_, i) => i), title: 'Selected images' },
    ],
    'predictions-with-long-names': (images) => [
      { ...images, classNames: LONG },
      { indices: [0, 1, 2, 3, 4, 5], predictions: PREDICTIONS },
    ],
  }),
  casesOf(augmentationExamples)({
    default: (images) => [examplesOf(images, 12)],
  }),
  casesOf(augmentationStrengths)({
    default: (images) => [strengthsOf(images, STEPS)],
    'long-names': (images) => [strengthsOf(images, LONG.slice(0, 2))],
  }),
];
