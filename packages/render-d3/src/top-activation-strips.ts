import { expectImages, expectInteger, InputError, type Images, type TopActivations } from '@convlens/core';
import { openFigure, type FigureOptions } from './figure.js';
import { formatValue } from './format.js';
import { classNameOf, nameOfClass, positionOf } from './images.js';
import { imageRaster } from './raster.js';
import { selectFilters } from './select-filters.js';
import { drawTiles, fitColumns, inRows, tileSize, tilesWidth, type Tile, type TileRow } from './tiles.js';

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
  const { count = 5, showField = false } = options;
  expectInteger('count', count, { min: 1 });
  if (!tops.length) throw new InputError('Expected tops to hold at least one record, got none');
  const available = tops[0].filters.map(({ filter }) => filter);
  const filters = selectFilters(options.filter, { available });
  const strips = filters.flatMap((filter, group) =>
    tops.map((top, i) => {
      const entries = top.filters.find((candidate) => candidate.filter === filter)?.entries;
      if (entries) return { filter, top, entries: entries.slice(0, count), isNew: group > 0 && i === 0 };
      throw new InputError(`Expected filter ${filter} in every one of tops, got none by ${top.reduction}`);
    }),
  );
  const longest = Math.max(1, ...strips.map(({ entries }) => entries.length));
  const layout = { size: tileSize(images, 96), labelWidth: 84 };
  const across = fitColumns(Math.min(10, longest), { ...layout, ...options });
  const { layer } = tops[0];
  const reductions = tops.map(({ reduction }) => reduction).join(' and by ');
  const { body, palette, close } = openFigure(options, {
    title: `Images that ${filters.length === 1 ? `filter ${filters[0]}` : 'filters'} of ${layer} answer${filters.length === 1 ? 's' : ''} to most`,
    subtitle:
      `Of ${images.name}, by ${reductions} of the map. Under each image: score, class, index.` +
      (showField ? ' Outlined: what the strongest place of the map sees.' : ''),
    description: strips
      .map(
        ({ filter, top, entries }) =>
          `Filter ${filter} by ${top.reduction}: images ${entries.map(({ index }) => index).join(', ') || 'none'}.`,
      )
      .join(' '),
    width: tilesWidth(across, layout),
  });
  const rows = strips.flatMap(({ filter, top, entries, isNew }): TileRow[] => {
    const tiles = entries.map(({ index, score, label, field }): Tile => {
      const position = positionOf(images, index);
      const name =
        label === undefined ? (classNameOf(images, position) ?? '') : nameOfClass(images.classNames, label);
      return {
        raster: imageRaster(images, position),
        subject: { index, filter },
        hint: `#${index} ${name}, score ${formatValue(score)}`,
        outline: showField ? field : undefined,
        captions: [
          { text: formatValue(score), end: `#${index}`, bold: true, color: palette.ink },
          { text: name },
        ],
      };
    });
    return inRows(tiles, across).map((row, i) => ({
      labels: i
        ? []
        : [{ text: `by ${top.reduction}`, bold: true, color: palette.ink }, { text: `filter ${filter}` }],
      tiles: row,
      space: isNew && !i ? 14 : 2,
    }));
  });
  return close(drawTiles(body, rows, { ...layout, palette }));
}
