import { expectImages, type Images, type Prediction } from '@convlens/core';
import { expectLength, expectSome } from './checks.js';
import type { FigureOptions } from './figure.js';
import { countOf, formatPercent } from './format.js';
import { classNameOf, indexOf, nameOfClass, positionOf } from './images.js';
import { imageRaster } from './raster.js';
import { drawTileFigure, tileSize, type Caption, type Tile } from './tiles.js';

export interface ImageGridOptions extends FigureOptions {
  /** Which images, by where they stand in their set, in this order; all of `images`. */
  readonly indices?: readonly number[];
  /** One a drawn image, in place of its class; the index is drawn in any case. */
  readonly captions?: readonly string[];
  /** What a network says of the images, in any order: drawn under those it knows, green if right and red if wrong. */
  readonly predictions?: readonly Prediction[];
  /** At most, from 1; 8. */
  readonly columns?: number;
}

function verdict({ predicted, confidence, label }: Prediction, classNames: readonly string[]): Caption {
  const name = nameOfClass(classNames, predicted);
  const end = formatPercent(confidence);
  if (label === undefined) return { text: `→ ${name}`, end, color: 'ink' };
  return predicted === label
    ? { text: `✓ ${name}`, end, color: 'good' }
    : { text: `✗ ${name}`, end, color: 'bad' };
}

/** Images in rows, each with its class and its index, and with what a network says of it. */
export const imageGrid = (images: Images, options: ImageGridOptions = {}): SVGSVGElement =>
  drawImageGrid(images, options);

/** The same under a heading that says what the images have in common. */
export function drawImageGrid(
  images: Images,
  options: ImageGridOptions,
  heading: { title?: string; subtitle?: string } = {},
): SVGSVGElement {
  expectImages('images', images);
  const { captions, predictions = [] } = options;
  const indices = options.indices ?? Array.from({ length: images.count }, (_, i) => indexOf(images, i));
  if (captions) expectLength('captions', captions, indices.length, 'texts');
  expectSome(indices, 'image');
  const tiles = indices.map((index, i): Tile => {
    const position = positionOf(images, index);
    const name = captions?.[i] ?? classNameOf(images, position) ?? '';
    const prediction = predictions.find((candidate) => candidate.index === index);
    const said = prediction && verdict(prediction, images.classNames);
    return {
      raster: imageRaster(images, position),
      subject: { index },
      hint: [`#${index} ${name}`.trim(), said && `${said.text} ${said.end}`].filter(Boolean).join('\n'),
      captions: [{ text: name, bold: true }, { text: `#${index}` }, ...(said ? [said] : [])],
    };
  });
  const judged = predictions.filter(({ index, label }) => label !== undefined && indices.includes(index));
  const right = judged.filter(({ predicted, label }) => predicted === label).length;
  return drawTileFigure(options, {
    title: `${countOf(indices.length, 'image')} of ${images.name}`,
    subtitle: predictions.length
      ? 'Under each image: what it is, its index, the predicted class with its probability.'
      : undefined,
    description:
      `Images ${indices.join(', ')}, of ${images.height} by ${images.width} pixels.` +
      (judged.length ? ` Of ${countOf(judged.length, 'prediction')} ${right} right.` : ''),
    ...heading,
    size: tileSize(images, 96),
    columns: options.columns ?? 8,
    bands: [{ tiles }],
  });
}
