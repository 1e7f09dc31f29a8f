import * as figures from '../../src/index.js';
import * as method from '../method-records.js';
import * as make from '../records.js';
import { firstOf, LONG, STRENGTHS, strengthRow, type Item } from './materials.js';

const TEST = { testAccuracy: 0.8498, testLoss: 0.4496 };

export const training_curves: Item = (options) =>
  figures.trainingCurves(make.makeHistory(), { ...options, ...TEST });

export const training_curves_before_the_first_epoch: Item = (options) => figures.trainingCurves([], options);

export const training_curves_of_one_epoch: Item = (options) =>
  figures.trainingCurves(make.makeHistory().slice(0, 1), { ...options, ...TEST });

export const training_curves_without_validation: Item = (options) =>
  figures.trainingCurves(make.makeHistory({ epochs: 4, validation: false }), options);

export const training_curves_with_close_cuts: Item = (options) =>
  figures.trainingCurves(make.makeHistory({ epochs: 50, cuts: [10, 11, 12, 48, 49] }), options);

export const training_curves_on_a_telephone: Item = (options) =>
  figures.trainingCurves(make.makeHistory(), { ...options, ...TEST, width: 360 });

export const runs_compared: Item = (options) => figures.runComparison(method.makeRuns(), options);

export const runs_compared_with_long_names: Item = (options) =>
  figures.runComparison(
    method.makeRuns(6).map((run, i) => ({ ...run, name: LONG[i % 3] + i, evaluation: undefined })),
    { ...options, width: 500 },
  );

export const augmentation_examples: Item = (options, images) => {
  const { height, width, channels, pixels, labels } = images;
  const count = 12;
  const some = { ...images, count, pixels: pixels.slice(0, count * height * width * channels) };
  const originals = { ...some, labels: labels?.slice(0, count) };
  const flip = (_: number, i: number) => originals.pixels[i - (i % 96) + 93 - (i % 96) + 2 * (i % 3)] * 0.8;
  return figures.augmentationExamples(
    { originals, augmented: { ...originals, pixels: pixels.slice(0, originals.pixels.length).map(flip) } },
    options,
  );
};

export const augmentation_strengths: Item = (options, images) => {
  const original = firstOf(images);
  return figures.augmentationStrengths(
    { original, rows: STRENGTHS.map((step) => strengthRow(original, step)) },
    options,
  );
};

export const augmentation_strengths_with_long_names: Item = (options, images) => {
  const original = firstOf(images);
  return figures.augmentationStrengths(
    { original, rows: LONG.slice(0, 2).map((step) => strengthRow(original, step)) },
    options,
  );
};
