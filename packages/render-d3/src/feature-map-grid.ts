import {
  expectImages,
  expectInteger,
  expectOneOf,
  type FeatureMaps,
  type Images,
  type LayerGradients,
} from '@convlens/core';
import { expectCount, expectLength } from './checks.js';
import { colorTable, type ColorMap } from './color-maps.js';
import { drawFigure, type FigureOptions } from './figure.js';
import { formatValue } from './format.js';
import { targetOf } from './heat.js';
import { classNameOf, positionOf } from './images.js';
import { MAP_SCALES, SCALE_TEXT, scaleRanges, type MapScale } from './map-scale.js';
import { highestOf } from './numbers.js';
import { imageRaster, mapRaster, planeOf } from './raster.js';
import { selectFilters } from './select-filters.js';
import { group } from './svg.js';
import { drawTiles, inRows, placeTiles, tileSize, type Tile } from './tiles.js';

export interface MapOptions extends FigureOptions {
  /** viridis; diverging for gradients. */
  readonly colorMap?: ColorMap;
  /** How values become colours; map; signed for the diverging colours. */
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

const isGradient = (maps: FeatureMaps): maps is LayerGradients => 'classIndices' in maps;

/** Some maps as tiles, a row an image. Throws an InputError if they cannot be drawn as pictures. */
export function mapTiles(
  maps: FeatureMaps,
  options: MapOptions,
  { filters, images }: { filters: readonly number[]; images: readonly number[] },
): { rows: Tile[][]; said: string } {
  const { colorMap = isGradient(maps) ? 'diverging' : 'viridis', showMax = true, input } = options;
  const { scale = colorMap === 'diverging' ? 'signed' : 'map' } = options;
  const { width, height } = maps;
  expectOneOf('scale', scale, MAP_SCALES);
  expectLength('maps.values', maps.values, maps.count * height * width * maps.channels);
  if (input) expectImages('input', input);
  const table = colorTable(colorMap);
  const planes = images.flatMap((image) => filters.map((channel) => planeOf(maps, { image, channel })));
  const ranges = scaleRanges(planes, scale);
  const isSigned = scale === 'signed';
  const noun = isSigned ? 'largest magnitude' : 'largest value';
  const tiles = planes.map((values, i): Tile => {
    const filter = filters[i % filters.length];
    const index = maps.indices[images[Math.floor(i / filters.length)]];
    const high = isSigned ? `±${formatValue(ranges[i].high)}` : formatValue(values[highestOf(values)] ?? NaN);
    return {
      raster: mapRaster({ values, width, height }, { table, range: ranges[i] }),
      subject: { index, filter },
      hint: `${images.length > 1 ? `image ${index}, ` : ''}filter ${filter}, ${noun} ${high}`,
      captions: [{ text: String(filter), end: showMax ? high : undefined }],
    };
  });
  return {
    rows: inRows(tiles, filters.length),
    said: `${SCALE_TEXT[scale]} (${colorMap}). Under each: filter${showMax ? `, ${noun}` : ''}.`,
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

/**
 * What a layer puts out for one image: its maps in rows, the largest value of each under it. Gradients at a layer are
 * drawn in diverging colours, white at zero.
 */
export function featureMapGrid(
  maps: FeatureMaps | LayerGradients,
  options: FeatureMapGridOptions = {},
): SVGSVGElement {
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
  const first = input && [{ tiles: [inputTile(input, index)] }];
  const inputPlace = first && placeTiles(first, { size: tileSize(input, Math.max(88, layout.size.width)) });
  const shift = inputPlace ? inputPlace.width + 24 : 0;
  const place = placeTiles([{ tiles }], { ...layout, columns, width: (options.width ?? Infinity) - shift });
  const shown = filters.length === maps.channels ? '' : ` of ${maps.channels}`;
  const target =
    isGradient(maps) &&
    targetOf({ classIndex: maps.classIndices[image], target: maps.target }, input?.classNames ?? []);
  const heading = {
    title: `${target ? `Gradients of ${target} at` : 'Feature maps of'} ${maps.layer}: ${subject} #${index}`,
    subtitle:
      `${filters.length}${shown} maps of ${maps.height} × ${maps.width}. ${said}` +
      (target ? ' Red: more of it speaks for the target; blue: against.' : ''),
    width: shift + place.width,
  };
  return drawFigure(options, heading, (body) =>
    Math.max(drawTiles(group(body, { x: shift }), place), inputPlace ? drawTiles(body, inputPlace) : 0),
  );
}
