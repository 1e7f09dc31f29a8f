import {
  expectLength,
  expectImages,
  expectOptions,
  formatCount,
  imageIndex,
  imagePosition,
  type Images,
  type OptionNames,
  type Prediction,
} from '@convlens/core';
import type { Caption } from '../../charts/captions.js';
import { renderTileFigure, tileSize, type Tile } from '../../charts/tiles.js';
import { FIGURE_OPTIONS, type FigureOptions } from '../../drawing/figure.js';
import { formatValue, formatWholePercent } from '../../drawing/format.js';
import { expectNonEmpty } from '../../drawing/guards.js';
import { className, labelName } from '../../drawing/images.js';
import { imageRaster } from '../../drawing/raster.js';

export interface ImageGridOptions extends FigureOptions {
  /** The images to show, by their index in the set, in this order; default: all of `images`. */
  readonly indices?: readonly number[];
  /** One per shown image, in place of its label. */
  readonly captions?: readonly string[];
  /**
   * Predictions in any order, shown below their images in green, ✓ if correct and ✗ if wrong; of a wrong one the label is red.
   * Default: none.
   */
  readonly predictions?: readonly Prediction[];
  /** The largest number of columns, >= 1; default 8. */
  readonly columns?: number;
}

const IMAGE_GRID_OPTIONS: OptionNames<ImageGridOptions> = {
  ...FIGURE_OPTIONS,
  indices: true,
  captions: true,
  predictions: true,
  columns: true,
};

function predictionCaption(
  { predicted, confidence, label, values }: Prediction,
  classNames: readonly string[],
): Caption {
  if (values) return { text: `→ ${Array.from(values, formatValue).join(', ')}`, color: 'ink' };
  const name = className(classNames, predicted);
  const end = formatWholePercent(confidence);
  if (label === undefined) return { text: `→ ${name}`, end, color: 'good' };
  return { text: `${predicted === label ? '✓' : '✗'} ${name}`, end, color: 'good' };
}

const isWrong = ({ predicted, label, values }: Prediction) =>
  label !== undefined && !values && predicted !== label;

/** What is below the images and what its colors mean, which are those of `probabilityBars`. */
function subtitleOf(predictions: readonly Prediction[], captions: readonly string[] | undefined): string {
  const content = 'Under each image: label, index, predicted class with its probability.';
  if (predictions.every(({ values }) => values)) return content;
  const hasRed = captions === undefined && predictions.some(isWrong);
  return `${content} Green: the predicted class.${hasRed ? ' Red: the true class, if it is another one.' : ''}`;
}

/** Images with label and index, and with predictions. */
export function imageGrid(images: Images, options: ImageGridOptions = {}): SVGSVGElement {
  expectOptions('imageGrid', options, IMAGE_GRID_OPTIONS);
  return renderImageGrid(images, options);
}

/** "5 of 6 predictions correct." for the shown images with a label; empty if there is none. */
function accuracyText(predictions: readonly Prediction[], indices: readonly number[]): string {
  const labeled = predictions.filter(
    ({ index, label, values }) => label !== undefined && !values && indices.includes(index),
  );
  const correct = labeled.filter(({ predicted, label }) => predicted === label).length;
  return labeled.length ? `${correct} of ${formatCount(labeled.length, 'prediction')} correct.` : '';
}

/** An image grid with another default heading. */
export function renderImageGrid(
  images: Images,
  options: ImageGridOptions,
  heading: { title?: string; subtitle?: string } = {},
): SVGSVGElement {
  expectImages('images', images);
  const { captions, predictions = [], columns = 8 } = options;
  const indices = options.indices ?? Array.from({ length: images.count }, (_, i) => imageIndex(images, i));
  if (captions) expectLength('captions', captions, indices.length, 'texts');
  expectNonEmpty(indices, 'image');
  const tiles = indices.map((index, i): Tile => {
    const position = imagePosition(images, index);
    const name = captions?.[i] ?? labelName(images, position) ?? '';
    const prediction = predictions.find((candidate) => candidate.index === index);
    const caption = prediction && predictionCaption(prediction, images.classNames);
    const color = prediction && captions === undefined && isWrong(prediction) ? 'bad' : undefined;
    return {
      raster: imageRaster(images, position),
      datum: { index },
      tooltip: `#${index} ${name}`.trim() + (caption ? `\n${caption.text} ${caption.end}` : ''),
      captions: [{ text: name, bold: true, color }, { text: `#${index}` }, ...(caption ? [caption] : [])],
    };
  });
  const size = `${images.height} by ${images.width} pixels`;
  return renderTileFigure(options, {
    title: `${formatCount(indices.length, 'image')} of ${images.name}`,
    subtitle: predictions.length ? subtitleOf(predictions, captions) : undefined,
    description: `Images ${indices.join(', ')}, of ${size}. ${accuracyText(predictions, indices)}`.trim(),
    ...heading,
    size: tileSize(images, 96),
    columns,
    bands: [{ tiles }],
  });
}
