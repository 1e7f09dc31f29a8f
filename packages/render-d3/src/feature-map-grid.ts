import {
  expectImages,
  expectInteger,
  expectOneOf,
  InputError,
  type FeatureMaps,
  type Images,
} from '@convlens/core';
import { COLOR_MAPS, colorTable, type ColorMap } from './color-maps.js';
import { openFigure, type FigureOptions } from './figure.js';
import { countOf, formatValue } from './format.js';
import { classNameOf, positionOf } from './images.js';
import { MAP_SCALES, SCALE_TEXT, scaleRanges, type MapScale } from './map-scale.js';
import { imageRaster, mapRaster, planeOf, rangeOf } from './raster.js';
import { selectFilters } from './select-filters.js';
import { CAPTION_HEIGHT, drawTiles, fitColumns, inRows, tileSize, tilesWidth, type Tile } from './tiles.js';
import { draw } from './svg.js';

export interface MapOptions extends FigureOptions {
  /** viridis. */
  readonly colorMap?: ColorMap;
  /** How values become colours; map. */
  readonly scale?: MapScale;
  /** Whether the largest value of a map stands under it; true. */
  readonly showMax?: boolean;
  /** The images that the maps' `indices` point into (a set, or a batch of it): the one looked at is drawn first. */
  readonly input?: Images;
}

export interface FeatureMapGridOptions extends MapOptions {
  /** Which of the images that `maps` holds, by its position; 0. */
  readonly image?: number;
  /** Which channels, in this order; all. */
  readonly filters?: readonly number[];
  /** At most, from 1; 8. */
  readonly columns?: number;
}

/** Throws an InputError if the maps cannot be drawn as pictures. */
export function expectMaps(
  maps: FeatureMaps,
  { colorMap, scale }: { colorMap: ColorMap; scale: MapScale },
): void {
  expectOneOf('colorMap', colorMap, COLOR_MAPS);
  expectOneOf('scale', scale, MAP_SCALES);
  const expected = maps.count * maps.height * maps.width * maps.channels;
  if (maps.values.length !== expected)
    throw new InputError(`Expected maps.values to hold ${expected} values, got ${maps.values.length}`);
}

/** The image that maps were made of, as a tile. */
export function inputTile(images: Images, index: number, color: string): Tile {
  const position = positionOf(images, index);
  return {
    raster: imageRaster(images, position),
    subject: { index },
    hint: `#${index} ${classNameOf(images, position) ?? ''}`.trim(),
    captions: [{ text: classNameOf(images, position) ?? 'input', end: `#${index}`, bold: true, color }],
  };
}

/** What a layer puts out for one image: its maps in rows, the largest value of each under it. */
export function featureMapGrid(maps: FeatureMaps, options: FeatureMapGridOptions = {}): SVGSVGElement {
  const { image = 0, input, columns = 8, colorMap = 'viridis', scale = 'map', showMax = true } = options;
  expectMaps(maps, { colorMap, scale });
  expectInteger('image', image, { max: maps.count - 1 });
  expectInteger('columns', columns, { min: 1 });
  if (input) expectImages('input', input);
  const all = Array.from({ length: maps.channels }, (_, i) => i);
  const filters = selectFilters(options.filters, { available: all });
  const planes = filters.map((channel) => planeOf(maps, { image, channel }));
  const ranges = scaleRanges(planes, scale);
  const asked = Math.min(columns, filters.length);
  const layout = { size: tileSize(maps, Math.min(88, Math.max(40, 800 / asked))), gap: asked > 10 ? 6 : 8 };
  const index = maps.indices[image];
  const place = input && positionOf(input, index);
  const subject = (input && place !== undefined && classNameOf(input, place)) || 'image';
  const inputSize = input && tileSize(input, Math.max(88, layout.size.width));
  const shift = inputSize ? inputSize.width + 24 : 0;
  const across = fitColumns(asked, { ...layout, labelWidth: shift, ...options });
  const shown = filters.length === maps.channels ? '' : ` of ${maps.channels}`;
  const { body, palette, close } = openFigure(options, {
    title: `Feature maps of ${maps.layer}: ${subject} #${index}`,
    subtitle:
      `${filters.length}${shown} maps of ${maps.height} × ${maps.width}. ${SCALE_TEXT[scale]} (${colorMap}).` +
      (showMax ? ' Under each: filter, largest value.' : ' Under each: filter.'),
    description: `${countOf(filters.length, 'feature map')} of layer ${maps.layer} for ${subject} ${index}.`,
    width: shift + tilesWidth(across, layout),
  });
  const table = colorTable(colorMap);
  const tiles = filters.map((filter, i): Tile => {
    const high = formatValue(rangeOf(planes[i]).high);
    return {
      raster: mapRaster(
        { values: planes[i], width: maps.width, height: maps.height },
        { table, range: ranges[i] },
      ),
      subject: { index, filter },
      hint: `filter ${filter}, largest value ${high}`,
      captions: [{ text: String(filter), end: showMax ? high : undefined }],
    };
  });
  const grid = draw(body, 'g', { transform: shift ? `translate(${shift},0)` : undefined });
  const height = drawTiles(
    grid,
    inRows(tiles, across).map((row) => ({ tiles: row })),
    { ...layout, palette },
  );
  if (!input || !inputSize) return close(height);
  drawTiles(body, [{ tiles: [inputTile(input, index, palette.ink)] }], { size: inputSize, palette });
  return close(Math.max(height, inputSize.height + 3 + CAPTION_HEIGHT));
}
