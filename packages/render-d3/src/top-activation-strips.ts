import {
  expectImages,
  InputError,
  type Images,
  type TopActivation,
  type TopActivations,
} from '@convlens/core';
import { expectCount, expectSome } from './checks.js';
import type { FigureOptions } from './figure.js';
import { formatValue } from './format.js';
import { classNameOf, nameOfClass, positionOf } from './images.js';
import { imageRaster } from './raster.js';
import { selectFilters } from './select-filters.js';
import { drawTileFigure, tileSize, type Tile } from './tiles.js';

export interface TopActivationStripsOptions extends FigureOptions {
  /** Which filter or filters; all that the records hold. */
  readonly filter?: number | readonly number[];
  /** Images a strip, from 1; 5. */
  readonly count?: number;
  /** Whether the part of the image that the strongest place of the map sees is outlined; false. */
  readonly showField?: boolean;
}

/**
 * The images that filters answer to most, a strip a filter and record (such as by mean and by max), strongest first, the
 * score, class and index under each. `images` is the set that the records were made of, or a batch with those images.
 */
export function topActivationStrips(
  { tops, images }: { readonly tops: readonly TopActivations[]; readonly images: Images },
  options: TopActivationStripsOptions = {},
): SVGSVGElement {
  expectImages('images', images);
  const { showField = false } = options;
  const count = expectCount('count', options.count ?? 5);
  expectSome(tops, 'record');
  const filters = selectFilters(
    options.filter,
    tops[0].filters.map(({ filter }) => filter),
  );
  const strips = filters.flatMap((filter, group) =>
    tops.map(({ filters: all, reduction }, i) => {
      const entries = all.find((candidate) => candidate.filter === filter)?.entries;
      if (entries)
        return { filter, reduction, entries: entries.slice(0, count), isNew: group > 0 && i === 0 };
      throw new InputError(`Expected filter ${filter} in every one of tops, got none by ${reduction}`);
    }),
  );
  const isOne = filters.length === 1;
  const tileOf = ({ index, score, label, field }: TopActivation, filter: number): Tile => {
    const position = positionOf(images, index);
    const name =
      label === undefined ? (classNameOf(images, position) ?? '') : nameOfClass(images.classNames, label);
    return {
      raster: imageRaster(images, position),
      subject: { index, filter },
      hint: `#${index} ${name}, score ${formatValue(score)}`,
      outline: showField ? field : undefined,
      captions: [{ text: formatValue(score), end: `#${index}`, bold: true }, { text: name }],
    };
  };
  return drawTileFigure(options, {
    title: `Images that ${isOne ? `filter ${filters[0]}` : 'filters'} of ${tops[0].layer} answer${isOne ? 's' : ''} to most`,
    subtitle:
      `Of ${images.name}, by ${tops.map(({ reduction }) => reduction).join(' and by ')} of the map. Under each image: score, class, index.` +
      (showField ? ' Outlined: what the strongest place of the map sees.' : ''),
    description: strips
      .map(
        ({ filter, reduction, entries }) =>
          `Filter ${filter} by ${reduction}: images ${entries.map(({ index }) => index).join(', ') || 'none'}.`,
      )
      .join(' '),
    size: tileSize(images, 96),
    labelWidth: 84,
    columns: 10,
    bands: strips.map(({ filter, reduction, entries, isNew }) => ({
      labels: [{ text: `by ${reduction}`, bold: true }, { text: `filter ${filter}` }],
      tiles: entries.map((entry) => tileOf(entry, filter)),
      space: isNew ? 14 : 2,
    })),
  });
}
