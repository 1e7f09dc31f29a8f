import { expectImages, expectNumber, methodName, type Heatmap, type Images } from '@convlens/core';
import { colorTable, type ColorMap } from './color-maps.js';
import { drawFigure, type FigureOptions } from './figure.js';
import { formatPercent, formatValue } from './format.js';
import { aboutOf, heatColors, heatRange, heatRaster } from './heat.js';
import { classNameOf, positionOf } from './images.js';
import { imageRaster, mapRaster } from './raster.js';
import { rule, write } from './svg.js';
import { drawPicture, drawTiles, placeTiles, tileSize, type Tile } from './tiles.js';

export interface HeatmapOverlayOptions extends FigureOptions {
  /** inferno; diverging for a signed heatmap. */
  readonly colorMap?: ColorMap;
  /** Of the heatmap over the image, 0 to 1; 0.5. */
  readonly opacity?: number;
}

const GAP = 14;
const BAR = 12;

/** An image, how much each place of it matters for a class, and the one over the other, with the scale of the colours. */
export function heatmapOverlay(
  { heatmap, images }: { readonly heatmap: Heatmap; readonly images: Images },
  options: HeatmapOverlayOptions = {},
): SVGSVGElement {
  expectImages('images', images);
  const { colorMap = heatColors(heatmap), opacity = 0.5 } = options;
  expectNumber('opacity', opacity, { min: 0, max: 1 });
  const { width, height, index, layer, signed } = heatmap;
  const position = positionOf(images, index);
  const size = tileSize(images, 192);
  const { low, high } = heatRange(heatmap);
  const truth = classNameOf(images, position);
  const at = layer ? `At layer ${layer}. ` : '';
  const image = imageRaster(images, position);
  const map = heatRaster(heatmap, colorMap);
  const tiles: Tile[] = [
    { raster: image, captions: [{ text: truth ?? 'image', end: `#${index}`, bold: true }] },
    { raster: map, captions: [{ text: 'heatmap', end: `${height} × ${width}`, bold: true }] },
    {
      raster: image,
      over: { raster: map, opacity },
      captions: [{ text: 'overlay', end: `opacity ${formatPercent(opacity)}`, bold: true }],
    },
  ];
  const place = placeTiles([{ tiles }], { size, gap: GAP });
  const left = place.width + GAP;
  const heading = {
    title: `${methodName(heatmap.method)} ${aboutOf(heatmap, images)}: image #${index}`,
    subtitle: signed
      ? `${at}Red speaks for it, blue against it.`
      : `${at}How strongly each place speaks (${colorMap}).`,
    description: `${truth ? `The image is of ${truth}. ` : ''}The heatmap runs from ${formatValue(low)} to ${formatValue(high)}.`,
    width: left + BAR + 48,
  };
  return drawFigure(options, heading, (body) => {
    const below = drawTiles(body, place);
    const bar = { x: left, y: 0, width: BAR, height: size.height };
    const colors = Uint8Array.from({ length: 256 }, (_, i) => 255 - i);
    const range = { low: 0, high: 256 };
    drawPicture(
      body,
      mapRaster({ values: colors, width: 1, height: 256 }, { table: colorTable(colorMap), range }),
      bar,
    );
    for (const tick of high > low ? [low, (low + high) / 2, high] : [low]) {
      const y = (high > low ? (high - tick) / (high - low) : 1) * size.height;
      rule(body, [bar.x + BAR, y, bar.x + BAR + 4, y], { stroke: 'axis' });
      const place = { x: bar.x + BAR + 7, y: Math.min(size.height, Math.max(8, y + 4)) };
      write(body, formatValue(tick), { ...place, 'font-size': 10.5 });
    }
    return below;
  });
}
