import { expectImages, expectInteger, expectOneOf, type FeatureMaps, type Images } from '@convlens/core';
import { expectCount, expectLength } from './checks.js';
import { colorTable, type ColorMap } from './color-maps.js';
import { drawFigure, type FigureOptions } from './figure.js';
import { countOf, formatValue } from './format.js';
import { classNameOf, positionOf } from './images.js';
import { MAP_SCALES, SCALE_TEXT, scaleRanges, type MapScale } from './map-scale.js';
import { imageRaster, mapRaster, planeOf, rangeOf } from './raster.js';
import { selectFilters } from './select-filters.js';
import { group } from './svg.js';
import { drawTiles, fitColumns, inRows, tileSize, tilesWidth, type Tile } from './tiles.js';

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

/** Some maps as tiles, a row an image. Throws an InputError if they cannot be drawn as pictures. */
export function mapTiles(
  maps: FeatureMaps,
  { colorMap = 'viridis', scale = 'map', showMax = true, input }: MapOptions,
  { filters, images }: { filters: readonly number[]; images: readonly number[] },
): { rows: Tile[][]; said: string } {
  const { width, height } = maps;
  expectOneOf('scale', scale, MAP_SCALES);
  expectLength('maps.values', maps.values, maps.count * height * width * maps.channels);
  if (input) expectImages('input', input);
  const table = colorTable(colorMap);
  const planes = images.flatMap((image) => filters.map((channel) => planeOf(maps, { image, channel })));
  const ranges = scaleRanges(planes, scale);
  const tiles = planes.map((values, i): Tile => {
    const filter = filters[i % filters.length];
    const index = maps.indices[images[Math.floor(i / filters.length)]];
    const high = formatValue(rangeOf(values).high);
    return {
      raster: mapRaster({ values, width, height }, { table, range: ranges[i] }),
      subject: { index, filter },
      hint: `${images.length > 1 ? `image ${index}, ` : ''}filter ${filter}, largest value ${high}`,
      captions: [{ text: String(filter), end: showMax ? high : undefined }],
    };
  });
  return {
    rows: inRows(tiles, filters.length),
    said: `${SCALE_TEXT[scale]} (${colorMap}). Under each: filter${showMax ? ', largest value' : ''}.`,
  };
}

/** The image that maps were made of, as a tile. */
export function inputTile(images: Images, index: number): Tile {
  const position = positionOf(images, index);
  const name = classNameOf(images, position);
  return {
    raster: imageRaster(images, position),
    subject: { index },
    hint: `#${index} ${name ?? ''}`.trim(),
    captions: [{ text: name ?? 'input', end: `#${index}`, bold: true }],
  };
}

/** What a layer puts out for one image: its maps in rows, the largest value of each under it. */
export function featureMapGrid(maps: FeatureMaps, options: FeatureMapGridOptions = {}): SVGSVGElement {
  const { image = 0, input, columns = 8 } = options;
  expectInteger('image', image, { max: maps.count - 1 });
  const filters = selectFilters(options.filters, maps.channels);
  const {
    rows: [tiles],
    said,
  } = mapTiles(maps, options, { filters, images: [image] });
  const asked = Math.min(expectCount('columns', columns), filters.length);
  const layout = { size: tileSize(maps, Math.min(88, Math.max(40, 800 / asked))), gap: asked > 10 ? 6 : 8 };
  const index = maps.indices[image];
  const subject = (input && classNameOf(input, positionOf(input, index))) ?? 'image';
  const inputSize = input && tileSize(input, Math.max(88, layout.size.width));
  const shift = inputSize ? inputSize.width + 24 : 0;
  const across = fitColumns(asked, { ...layout, labelWidth: shift, ...options });
  const shown = filters.length === maps.channels ? '' : ` of ${maps.channels}`;
  const heading = {
    title: `Feature maps of ${maps.layer}: ${subject} #${index}`,
    subtitle: `${filters.length}${shown} maps of ${maps.height} × ${maps.width}. ${said}`,
    description: `${countOf(filters.length, 'feature map')} of layer ${maps.layer} for ${subject} ${index}.`,
    width: shift + tilesWidth(across, layout),
  };
  return drawFigure(options, heading, (body) =>
    Math.max(
      drawTiles(
        group(body, { x: shift }),
        inRows(tiles, across).map((row) => ({ tiles: row })),
        layout,
      ),
      input && inputSize ? drawTiles(body, [{ tiles: [inputTile(input, index)] }], { size: inputSize }) : 0,
    ),
  );
}
