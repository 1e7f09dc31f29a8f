import { expectWithImages } from '../../drawing/guards.js';
import {
  expectRecord,
  expectNumber,
  expectOptions,
  imagePosition,
  type Heatmap,
  type Images,
  type OptionNames,
} from '@convlens/core';
import { renderFramedRaster, type Box } from '../../charts/framed-raster.js';
import { layoutTiles, renderTiles, tileSize, type Tile } from '../../charts/tiles.js';
import { colorTable, type ColorMap } from '../../drawing/color-maps.js';
import { FIGURE_OPTIONS, renderFigure, type FigureOptions } from '../../drawing/figure.js';
import { formatValue, formatWholePercent } from '../../drawing/format.js';
import {
  constantText,
  heatmapColorMap,
  heatmapExtent,
  heatmapRaster,
  methodName,
  targetPhrase,
} from '../../drawing/heatmap.js';
import { labelName } from '../../drawing/images.js';
import type { Extent } from '../../drawing/numbers.js';
import { imageRaster, mapRaster } from '../../drawing/raster.js';
import { appendLine, appendText, type Mark } from '../../drawing/svg.js';

export interface HeatmapOverlayOptions extends FigureOptions {
  /** Default 'inferno'; 'diverging' for a signed heatmap. */
  readonly colorMap?: ColorMap;
  /** The opacity of the heatmap over the image, 0 to 1; default 0.5. */
  readonly opacity?: number;
}

export const HEATMAP_OVERLAY_OPTIONS: OptionNames<HeatmapOverlayOptions> = {
  ...FIGURE_OPTIONS,
  colorMap: true,
  opacity: true,
};

const GAP = 14;
const COLOR_BAR_WIDTH = 12;
const TICK_WIDTH = 48;

/** The colors of a map from `high` (top) to `low` (bottom), with ticks at both ends and in the middle. */
function renderColorBar(parent: Mark, box: Box, { low, high }: Extent, colorMap: ColorMap): void {
  const values = Uint8Array.from({ length: 256 }, (_, i) => 255 - i);
  const colors = { table: colorTable(colorMap), extent: { low: 0, high: 256 } };
  renderFramedRaster(parent, mapRaster({ values, width: 1, height: 256 }, colors), box);
  const right = box.x + box.width;
  const isConstant = high === low;
  for (const tick of isConstant ? [low] : [low, (low + high) / 2, high]) {
    const y = (isConstant ? 1 : (high - tick) / (high - low)) * box.height;
    appendLine(parent, [right, y, right + 4, y], { stroke: 'axis' });
    // The texts at the ends stay beside the bar.
    const textY = Math.min(box.height, Math.max(8, y + 4));
    appendText(parent, formatValue(tick), { x: right + 7, y: textY, 'font-size': 10.5 });
  }
}

/** An image, its heatmap, and the heatmap over the image, with a color bar. */
export function heatmapOverlay(
  records: { readonly heatmap: Heatmap; readonly images: Images },
  options: HeatmapOverlayOptions = {},
): SVGSVGElement {
  expectOptions('heatmapOverlay', options, HEATMAP_OVERLAY_OPTIONS);
  const { heatmap, images } = expectWithImages(records);
  expectRecord('Heatmap', 'record', heatmap);
  const { colorMap = heatmapColorMap(heatmap), opacity = 0.5 } = options;
  expectNumber('opacity', opacity, { min: 0, max: 1 });
  const { width, height, index, layer, signed } = heatmap;
  const position = imagePosition(images, index);
  const label = labelName(images, position);
  const image = imageRaster(images, position);
  const map = heatmapRaster(heatmap, colorMap);
  const tiles: Tile[] = [
    { raster: image, captions: [{ text: label ?? 'image', end: `#${index}`, bold: true }] },
    { raster: map, captions: [{ text: 'heatmap', end: `${height} × ${width}`, bold: true }] },
    {
      raster: image,
      overlay: { raster: map, opacity },
      captions: [{ text: 'overlay', end: `opacity ${formatWholePercent(opacity)}`, bold: true }],
    },
  ];
  const size = tileSize(images, 192);
  const grid = layoutTiles([{ tiles }], { size, gap: GAP });
  const colorBar = { x: grid.width + GAP, y: 0, width: COLOR_BAR_WIDTH, height: size.height };
  const extent = heatmapExtent(heatmap);
  const [low, high] = [extent.low, extent.high].map(formatValue);
  const layerText = layer ? `At layer ${layer}. ` : '';
  const labelText = label ? `The image is labeled ${label}. ` : '';
  const heading = {
    title: `${methodName(heatmap)} ${targetPhrase(heatmap, images)}: image #${index}`,
    subtitle:
      (signed
        ? `${layerText}Red: evidence for the target, blue: against it.`
        : `${layerText}Attribution per pixel (${colorMap}).`) + constantText(heatmap),
    description: `${labelText}The heatmap ranges from ${low} to ${high}.`,
    width: colorBar.x + COLOR_BAR_WIDTH + TICK_WIDTH,
  };
  return renderFigure(options, heading, (body) => {
    const tilesHeight = renderTiles(body, grid);
    renderColorBar(body, colorBar, extent, colorMap);
    return tilesHeight;
  });
}
