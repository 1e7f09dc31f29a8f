import { expectOptions, formatCount, type OptimizedImage, type OptionNames } from '@convlens/core';
import { renderTileFigure, tileSize, type Tile } from '../../charts/tiles.js';
import { availableWidth, FIGURE_OPTIONS, type FigureOptions } from '../../drawing/figure.js';
import { formatBrief, formatValue } from '../../drawing/format.js';
import { expectNonEmpty } from '../../drawing/guards.js';
import { optimizedImageRaster, resolveToneMapping, type ToneMapping } from './tone-mapping.js';

export interface OptimizedImageGridOptions extends FigureOptions {
  /** How pixels become colors; default: 'standardized' if any image leaves 0..255, else 'clipped'. */
  readonly toneMapping?: ToneMapping;
  /** The largest number of columns, >= 1; default 8, or 16 for more than 64 images. */
  readonly columns?: number;
  /** Whether the objective and its values are below each image; default: if they fit. */
  readonly showValue?: boolean;
}

const OPTIMIZED_IMAGE_GRID_OPTIONS: OptionNames<OptimizedImageGridOptions> = {
  ...FIGURE_OPTIONS,
  toneMapping: true,
  columns: true,
  showValue: true,
};

/** The values of an objective fit below an image of this width in pixels. */
const MIN_WIDTH_FOR_VALUES = 80;

const TONE_TEXT: Readonly<Record<ToneMapping, string>> = {
  clipped: 'Pixels clipped to 0..255.',
  standardized: 'Each image standardized to mean 0.5 and standard deviation 0.1, then clipped.',
};

/** The layer of the objective, "classes" for a class, empty for a sum. */
function layerOf({ objective }: OptimizedImage): string {
  if ('layer' in objective) return objective.layer;
  return objective.kind === 'class' ? 'classes' : '';
}

function optimizedImageTile(image: OptimizedImage, toneMapping: ToneMapping, showValue: boolean): Tile {
  const { name, objective, initialValue, finalValue } = image;
  const captions = [
    { text: name, bold: true },
    { text: formatBrief(initialValue), end: `→ ${formatBrief(finalValue)}` },
  ];
  return {
    raster: optimizedImageRaster(image, toneMapping),
    datum: 'channel' in objective ? { filter: objective.channel } : {},
    tooltip: `${name}: from ${formatValue(initialValue)} to ${formatValue(finalValue)}`,
    captions: showValue ? captions : [],
  };
}

/** The results of feature visualization, grouped by layer. */
export function optimizedImageGrid(
  images: readonly OptimizedImage[],
  options: OptimizedImageGridOptions = {},
): SVGSVGElement {
  expectOptions('optimizedImageGrid', options, OPTIMIZED_IMAGE_GRID_OPTIONS);
  expectNonEmpty(images, 'image', 'OptimizedImage');
  const { columns = images.length > 64 ? 16 : 8 } = options;
  const toneMapping = resolveToneMapping(images, options.toneMapping);
  const layers = [...new Set(images.map(layerOf))];
  const groups = layers.map((layer) => images.filter((image) => layerOf(image) === layer));
  const tilesPerRow = Math.min(columns, Math.max(...groups.map(({ length }) => length)));
  const labelWidth = layers.length > 1 ? 96 : 0;
  const targetWidth = (Math.min(800, availableWidth(options)) - labelWidth) / tilesPerRow - 8;
  const size = tileSize(images[0], Math.min(96, Math.max(44, targetWidth)));
  const { showValue = size.width >= MIN_WIDTH_FOR_VALUES } = options;
  return renderTileFigure(options, {
    title: `Feature visualization: ${layers.filter(Boolean).join(', ') || 'model'}`,
    subtitle:
      TONE_TEXT[toneMapping] +
      (showValue ? ' Under each image: objective, its value before → after optimization.' : ''),
    description: `${formatCount(images.length, 'image')}: ${images.map(({ name }) => name).join(', ')}.`,
    size,
    labelWidth,
    gap: tilesPerRow > 10 ? 6 : 8,
    columns,
    bands: groups.map((group, g) => ({
      labels: labelWidth
        ? [{ text: layers[g], bold: true }, { text: formatCount(group.length, 'image') }]
        : undefined,
      tiles: group.map((image) => optimizedImageTile(image, toneMapping, showValue)),
      spaceAbove: 14,
    })),
  });
}
