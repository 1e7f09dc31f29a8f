import {
  expectImages,
  expectOptions,
  formatCount,
  imageIndex,
  InputError,
  type Images,
  type OptionNames,
} from '@convlens/core';
import { chunkRows, layoutTiles, renderTileFigure, tileSize, type Tile } from '../../charts/tiles.js';
import { FIGURE_OPTIONS, type FigureOptions } from '../../drawing/figure.js';
import { expectCount } from '../../drawing/guards.js';
import { labelName } from '../../drawing/images.js';
import { imageRaster } from '../../drawing/raster.js';

export interface AugmentationExamplesOptions extends FigureOptions {
  /** The largest number of columns, >= 1; default 8. */
  readonly columns?: number;
}

const AUGMENTATION_EXAMPLES_OPTIONS: OptionNames<AugmentationExamplesOptions> = {
  ...FIGURE_OPTIONS,
  columns: true,
};

/** Images, each above its augmented copy. `augmented` holds copies of `originals` in the same order. */
export function augmentationExamples(
  records: { readonly originals: Images; readonly augmented: Images },
  options: AugmentationExamplesOptions = {},
): SVGSVGElement {
  expectOptions('augmentationExamples', options, AUGMENTATION_EXAMPLES_OPTIONS);
  expectImages('originals', records?.originals);
  const { originals, augmented } = records;
  const columns = expectCount('columns', options.columns ?? 8);
  expectImages('augmented', augmented);
  const count = expectCount('originals.count', originals.count);
  if (count !== augmented.count)
    throw new InputError(`Expected augmented to hold ${count} images, got ${augmented.count}`);
  const layout = { size: tileSize(originals, 84), labelWidth: 76 };
  const pairs = Array.from({ length: count }, (_, i): { original: Tile; augmented: Tile } => {
    const captions = [
      { text: labelName(originals, i) ?? '', color: 'ink' },
      { text: `#${imageIndex(originals, i)}` },
    ];
    return {
      original: { raster: imageRaster(originals, i), tooltip: `#${imageIndex(originals, i)}` },
      augmented: { raster: imageRaster(augmented, i), captions },
    };
  });
  const all = { tiles: pairs.map((pair) => pair.augmented) };
  const { tilesPerRow } = layoutTiles([all], { ...layout, columns, width: options.width });
  return renderTileFigure(options, {
    ...layout,
    title: 'Augmentation examples',
    subtitle: 'Each image and, below it, an augmented copy for training.',
    description: `${formatCount(count, 'image')} of ${originals.name}.`,
    bands: chunkRows(pairs, tilesPerRow).flatMap((row, i) =>
      (['original', 'augmented'] as const).map((kind) => ({
        labels: [{ text: kind, bold: true }],
        spaceAbove: i > 0 && kind === 'original' ? 14 : 0,
        tiles: row.map((pair) => pair[kind]),
      })),
    ),
  });
}
