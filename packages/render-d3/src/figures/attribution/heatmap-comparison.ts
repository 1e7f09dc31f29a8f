import {
  expectNumber,
  expectOneOf,
  expectOptions,
  formatCount,
  imagePosition,
  type Heatmap,
  type Images,
  type OptionNames,
} from '@convlens/core';
import { imageTile } from '../../charts/image-tile.js';
import { renderTileFigure, tileSize, type Tile } from '../../charts/tiles.js';
import { expectWithImages, expectCount, expectNonEmpty } from '../../drawing/guards.js';
import { heatmapColorMap, heatmapRaster, methodName, targetPhrase } from '../../drawing/heatmap.js';
import { labelName } from '../../drawing/images.js';
import { imageRaster } from '../../drawing/raster.js';
import { HEATMAP_OVERLAY_OPTIONS, type HeatmapOverlayOptions } from './heatmap-overlay.js';

/** `overlay`: heatmaps over their images, at `opacity`; `side-by-side`: heatmaps beside their images. */
export const HEATMAP_LAYOUTS = ['overlay', 'side-by-side'] as const;
export type HeatmapLayout = (typeof HEATMAP_LAYOUTS)[number];

const LAYOUT_TEXT: Readonly<Record<HeatmapLayout, string>> = {
  overlay: 'Heatmaps over their images',
  'side-by-side': 'Heatmaps beside their images',
};

export interface HeatmapComparisonOptions extends HeatmapOverlayOptions {
  /** The largest number of heatmaps per row, >= 1; default 6. */
  readonly columns?: number;
  /** Default 'overlay'. */
  readonly layout?: HeatmapLayout;
}

const HEATMAP_COMPARISON_OPTIONS: OptionNames<HeatmapComparisonOptions> = {
  ...HEATMAP_OVERLAY_OPTIONS,
  columns: true,
  layout: true,
};

/** Heatmaps of several methods or classes, one row per image, each row with its image first. */
export function heatmapComparison(
  records: { readonly heatmaps: readonly Heatmap[]; readonly images: Images },
  options: HeatmapComparisonOptions = {},
): SVGSVGElement {
  expectOptions('heatmapComparison', options, HEATMAP_COMPARISON_OPTIONS);
  const { heatmaps, images } = expectWithImages(records);
  expectNonEmpty(heatmaps, 'heatmap', 'Heatmap');
  const { colorMap, opacity = 0.5, columns = 6, layout = 'overlay' } = options;
  expectNumber('opacity', opacity, { min: 0, max: 1 });
  expectOneOf('layout', layout, HEATMAP_LAYOUTS);
  const heatmapTile = (heatmap: Heatmap): Tile => {
    const { index } = heatmap;
    const position = imagePosition(images, index);
    const raster = heatmapRaster(heatmap, colorMap ?? heatmapColorMap(heatmap));
    const [method, target] = [methodName(heatmap), targetPhrase(heatmap, images)];
    return {
      ...(layout === 'overlay'
        ? { raster: imageRaster(images, position), overlay: { raster, opacity } }
        : { raster }),
      datum: { index },
      tooltip: `${method} of #${index} (${labelName(images, position) ?? 'image'}) ${target}`,
      captions: [{ text: method, bold: true }, { text: target }],
    };
  };
  const methods = [...new Set(heatmaps.map(methodName))];
  const indices = [...new Set(heatmaps.map(({ index }) => index))];
  return renderTileFigure(options, {
    title: methods.length === 1 ? methods[0] : `${formatCount(methods.length, 'method')} compared`,
    subtitle: `${LAYOUT_TEXT[layout]}. Under each: method and target.`,
    description: heatmaps
      .map((heatmap) => `${methodName(heatmap)} of image ${heatmap.index} ${targetPhrase(heatmap, images)}.`)
      .join(' '),
    size: tileSize(images, 128),
    // One more column for the image.
    columns: expectCount('columns', columns) + 1,
    bands: indices.map((index) => ({
      lead: imageTile(images, index),
      tiles: heatmaps.filter((heatmap) => heatmap.index === index).map(heatmapTile),
    })),
  });
}
