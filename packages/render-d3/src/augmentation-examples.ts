import { expectImages, InputError, type Images } from '@convlens/core';
import { expectCount } from './checks.js';
import type { FigureOptions } from './figure.js';
import { countOf } from './format.js';
import { classNameOf, indexOf } from './images.js';
import { imageRaster } from './raster.js';
import { drawTileFigure, inRows, placeTiles, tileSize } from './tiles.js';

export interface AugmentationExamplesOptions extends FigureOptions {
  /** At most, from 1; 8. */
  readonly columns?: number;
}

/** Images over what augmentation made of them: the two hold the same images in the same order. */
export function augmentationExamples(
  { originals, augmented }: { readonly originals: Images; readonly augmented: Images },
  options: AugmentationExamplesOptions = {},
): SVGSVGElement {
  const { columns = 8 } = options;
  expectCount('columns', columns);
  expectImages('originals', originals);
  expectImages('augmented', augmented);
  expectCount('originals.count', originals.count);
  if (originals.count !== augmented.count)
    throw new InputError(`Expected augmented to hold ${originals.count} images, got ${augmented.count}`);
  const layout = { size: tileSize(originals, 84), labelWidth: 76 };
  const positions = Array.from({ length: originals.count }, (_, i) => i);
  const tiles = positions.map((i) => {
    const at = `#${indexOf(originals, i)}`;
    return {
      original: { raster: imageRaster(originals, i), hint: at },
      augmented: {
        raster: imageRaster(augmented, i),
        captions: [{ text: classNameOf(originals, i) ?? '', color: 'ink' }, { text: at }],
      },
    };
  });
  const all = { tiles: tiles.map((pair) => pair.augmented) };
  const { across } = placeTiles([all], { ...layout, columns, width: options.width });
  return drawTileFigure(options, {
    ...layout,
    title: 'Augmentation examples',
    subtitle: 'Each image, and under it what a network is shown in its place.',
    description: `${countOf(originals.count, 'image')} of ${originals.name}.`,
    bands: inRows(tiles, across).flatMap((row, i) =>
      (['original', 'augmented'] as const).map((kind, k) => ({
        labels: [{ text: kind, bold: true }],
        space: i && !k ? 14 : 0,
        tiles: row.map((pair) => pair[kind]),
      })),
    ),
  });
}
