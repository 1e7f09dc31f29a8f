import { expectImages, expectNumber, expectOneOf, type Heatmap, type Images } from '@convlens/core';
import { COLOR_MAPS, colorTable, type ColorMap } from './color-maps.js';
import { openFigure, type FigureOptions } from './figure.js';
import { formatPercent, formatValue } from './format.js';
import { heatColors, heatRange, heatRaster, targetOf } from './heat.js';
import { classNameOf, positionOf } from './images.js';
import { imageRaster, rasterOf } from './raster.js';
import { draw, write } from './svg.js';
import { CAPTION_HEIGHT, drawBorder, drawCaptions, drawRaster, tileSize } from './tiles.js';

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
  expectOneOf('colorMap', colorMap, COLOR_MAPS);
  expectNumber('opacity', opacity, { min: 0, max: 1 });
  const { width, height, index, method, layer } = heatmap;
  const position = positionOf(images, index);
  const size = tileSize(images, 192);
  const range = heatRange(heatmap);
  const table = colorTable(colorMap);
  const target = targetOf(heatmap, images.classNames);
  const truth = classNameOf(images, position);
  const ticks = range.high > range.low ? [range.low, (range.low + range.high) / 2, range.high] : [range.low];
  const { body, palette, close } = openFigure(options, {
    title: `${method} for ${target}: image #${index}`,
    subtitle: heatmap.signed
      ? `${layer ? `At layer ${layer}. ` : ''}Red speaks for it, blue against it.`
      : `${layer ? `At layer ${layer}. ` : ''}How much each place matters for it (${colorMap}).`,
    description:
      `Image ${index}${truth ? ` (${truth})` : ''}, its ${method} heatmap for class ${target}, ` +
      `from ${formatValue(range.low)} to ${formatValue(range.high)}, and the heatmap over the image.`,
    width: 3 * (size.width + GAP) + BAR + 48,
  });
  const image = imageRaster(images, position);
  const map = heatRaster(heatmap, colorMap);
  const panels = [
    { layers: [{ raster: image, opacity: undefined }], name: truth ?? 'image', end: `#${index}` },
    { layers: [{ raster: map, opacity: undefined }], name: 'heatmap', end: `${height} × ${width}` },
    {
      layers: [
        { raster: image, opacity: undefined },
        { raster: map, opacity },
      ],
      name: 'overlay',
      end: `opacity ${formatPercent(opacity)}`,
    },
  ];
  panels.forEach(({ layers, name, end }, i) => {
    const box = { x: i * (size.width + GAP), y: 0, ...size };
    for (const { raster, opacity: alpha } of layers) drawRaster(body, raster, { ...box, opacity: alpha });
    drawBorder(body, box, palette.border);
    drawCaptions(body, [{ text: name, end, bold: true, color: palette.ink }], {
      x: box.x,
      y: size.height + 4,
      width: size.width,
      palette,
    });
  });
  const bar = { x: 3 * (size.width + GAP), y: 0, width: BAR, height: size.height };
  const colors = Uint8Array.from(
    { length: table.length },
    (_, i) => table[(255 - Math.floor(i / 3)) * 3 + (i % 3)],
  );
  drawRaster(body, rasterOf(colors, { width: 1, height: 256, channels: 3 }), bar);
  drawBorder(body, bar, palette.border);
  for (const tick of ticks) {
    const share = range.high > range.low ? (tick - range.low) / (range.high - range.low) : 0;
    const y = (1 - share) * size.height;
    draw(body, 'line', { x1: bar.x + BAR, x2: bar.x + BAR + 4, y1: y, y2: y, stroke: palette.axis });
    write(body, formatValue(tick), {
      x: bar.x + BAR + 7,
      y: Math.min(size.height, Math.max(8, y + 4)),
      'font-size': 10.5,
      fill: palette.muted,
    });
  }
  return close(size.height + 4 + CAPTION_HEIGHT);
}
