import * as figures from '../../src/index.js';
import * as method from '../method-records.js';
import * as make from '../records.js';
import { HUNDRED, LONG, type Item } from './materials.js';

const PREDICTIONS = [0, 1, 2, 3, 4, 5].map((index) =>
  make.makePrediction({ index, label: index, predicted: index % 3 ? index : 6 }),
);

export const selected_images: Item = (options, images) =>
  figures.imageGrid(images, {
    ...options,
    indices: Array.from({ length: 16 }, (_, i) => i),
    title: 'Selected images',
  });

export const predicted_images_with_long_names: Item = (options, images) =>
  figures.imageGrid(
    { ...images, classNames: LONG },
    { ...options, indices: [0, 1, 2, 3, 4, 5], predictions: PREDICTIONS },
  );

export const class_probabilities: Item = (options) =>
  figures.probabilityBars(make.makePrediction(), { ...options, classNames: make.CLASS_NAMES });

export const class_probabilities_of_a_hundred: Item = (options) =>
  figures.probabilityBars(make.makePrediction({ classes: 100, label: 77 }), {
    ...options,
    classNames: HUNDRED,
    count: 8,
  });

export const class_probabilities_on_a_telephone: Item = (options) =>
  figures.probabilityBars(make.makePrediction(), { ...options, classNames: LONG, width: 360 });

export const confusion_matrix: Item = (options) => figures.confusionMatrix(make.makeConfusion(), options);

export const confusion_matrix_with_long_names: Item = (options) =>
  figures.confusionMatrix(make.makeConfusion({ classNames: LONG }), options);

export const confusion_matrix_of_a_hundred: Item = (options) =>
  figures.confusionMatrix(make.makeConfusion({ classNames: HUNDRED }), options);

export const confusion_matrix_on_a_telephone: Item = (options) =>
  figures.confusionMatrix(make.makeConfusion(), { ...options, width: 360 });

export const mistakes: Item = (options, images) =>
  figures.mistakeGrid({ mistakes: method.makeMistakes(), images }, options);

export const mistakes_with_long_names: Item = (options, images) =>
  figures.mistakeGrid(
    { mistakes: method.makeMistakes(), images: { ...images, classNames: LONG } },
    { ...options, width: 400, count: 7 },
  );
