import {
  expectRecord,
  expectOptions,
  formatCount,
  formatPercent,
  type Images,
  type Mistakes,
  type OptionNames,
} from '@convlens/core';
import { FIGURE_OPTIONS, type FigureOptions } from '../../drawing/figure.js';
import { expectWithImages, expectCount, expectNonEmpty } from '../../drawing/guards.js';
import { renderImageGrid } from '../images/image-grid.js';

export interface MistakeGridOptions extends FigureOptions {
  /** The largest number of images, >= 1; default 16. */
  readonly count?: number;
  /** The largest number of columns, >= 1; default 8. */
  readonly columns?: number;
}

const MISTAKE_GRID_OPTIONS: OptionNames<MistakeGridOptions> = {
  ...FIGURE_OPTIONS,
  count: true,
  columns: true,
};

/** The misclassified images with the highest confidence, each with label and prediction. */
export function mistakeGrid(
  records: { readonly mistakes: Mistakes; readonly images: Images },
  options: MistakeGridOptions = {},
): SVGSVGElement {
  expectOptions('mistakeGrid', options, MISTAKE_GRID_OPTIONS);
  const { mistakes, images } = expectWithImages(records);
  expectRecord('Mistakes', 'record', mistakes);
  const predictions = mistakes.entries.slice(0, expectCount('count', options.count ?? 16));
  expectNonEmpty(predictions, 'mistake');
  const indices = predictions.map(({ index }) => index);
  const { wrong, count, name } = mistakes;
  const heading = {
    title: `${formatCount(predictions.length, 'mistake')} with the highest confidence`,
    subtitle:
      `Misclassified: ${formatCount(wrong)} of ${formatCount(count, 'image')} of ${name} ` +
      `(${formatPercent(wrong / count, 1)}). ` +
      'Under each image: label, index, prediction with its probability. Green: the predicted class. Red: the true class.',
  };
  return renderImageGrid(images, { ...options, indices, predictions }, heading);
}
