import { expectInteger, expectOneOf, InputError, type OptimizedImage } from '@convlens/core';
import { openFigure, roomIn, type FigureOptions } from './figure.js';
import { countOf, formatValue } from './format.js';
import { rasterOf, type Raster } from './raster.js';
import { drawTiles, fitColumns, inRows, tileSize, tilesWidth, type Tile, type TileRow } from './tiles.js';

const TONES = ['clipped', 'standardized'] as const;
/** How the pixels of a made image become colours. */
export type Tone = (typeof TONES)[number];

export interface OptimizedImageGridOptions extends FigureOptions {
  /**
   * `clipped`: levels below 0 and above 255 are cut. `standardized`: each image is drawn with mean 0.5 and standard
   * deviation 0.1, then cut. Standardized if any image leaves 0..255, else clipped.
   */
  readonly tone?: Tone;
  /** At most, from 1; 8, or 16 for more than 64 images. */
  readonly columns?: number;
  /** Whether what the network answers stands under each image, before and after; true where there is room. */
  readonly showValue?: boolean;
}

/** From so many pixels on the answers have room under an image. */
const WIDE_ENOUGH = 80;

const leavesRange = ({ pixels }: OptimizedImage) => pixels.some((level) => level < -0.5 || level > 255.5);

/** `tone`, or the one that shows all of these images. */
export const toneFor = (images: readonly OptimizedImage[], tone?: Tone): Tone =>
  expectOneOf('tone', tone ?? (images.some(leavesRange) ? 'standardized' : 'clipped'), TONES);

/** An image that was made, as a picture. */
export function madeRaster({ pixels, width, height, channels }: OptimizedImage, tone: Tone): Raster {
  if (tone === 'clipped') return rasterOf(Uint8ClampedArray.from(pixels), { width, height, channels });
  const mean = pixels.reduce((sum, level) => sum + level, 0) / pixels.length;
  const variance = pixels.reduce((sum, level) => sum + (level - mean) ** 2, 0) / pixels.length;
  const gain = 25.5 / (Math.sqrt(variance) + 1e-5);
  const bytes = Uint8ClampedArray.from(pixels, (level) => 127.5 + (level - mean) * gain);
  return rasterOf(bytes, { width, height, channels });
}

const layerOf = ({ objective }: OptimizedImage) =>
  'layer' in objective ? objective.layer : objective.kind === 'class' ? 'classes' : '';

/** Images that were made so that a part of a network answers to them, grouped by layer: as many as all its filters. */
export function optimizedImageGrid(
  images: readonly OptimizedImage[],
  options: OptimizedImageGridOptions = {},
): SVGSVGElement {
  if (!images.length) throw new InputError('Expected at least one image, got none');
  const { columns = images.length > 64 ? 16 : 8 } = options;
  expectInteger('columns', columns, { min: 1 });
  const tone = toneFor(images, options.tone);
  const layers = [...new Set(images.map(layerOf))];
  const groups = layers.map((layer) => images.filter((image) => layerOf(image) === layer));
  const asked = Math.min(columns, Math.max(...groups.map(({ length }) => length)));
  const labelWidth = layers.length > 1 ? 96 : 0;
  const size = tileSize(
    images[0],
    Math.min(96, Math.max(44, (Math.min(800, roomIn(options)) - labelWidth) / asked - 8)),
  );
  const layout = { size, labelWidth, gap: asked > 10 ? 6 : 8 };
  const { showValue = size.width >= WIDE_ENOUGH } = options;
  const across = fitColumns(asked, { ...layout, ...options });
  const { body, palette, close } = openFigure(options, {
    title: `Images made for ${layers.filter(Boolean).join(', ') || 'a network'}`,
    subtitle:
      (tone === 'clipped'
        ? 'Levels are cut to 0..255.'
        : 'Each image with mean 0.5 and standard deviation 0.1, cut.') +
      (showValue ? ' Under each: what it is made for, and the answer to it (in grey: before).' : ''),
    description: `${countOf(images.length, 'image')} made by optimization: ${images.map(({ name }) => name).join(', ')}.`,
    width: tilesWidth(across, layout),
  });
  const tileOf = (image: OptimizedImage): Tile => {
    const values = `from ${formatValue(image.before)} to ${formatValue(image.after)}`;
    const { objective } = image;
    return {
      raster: madeRaster(image, tone),
      subject: 'channel' in objective ? { filter: objective.channel } : {},
      hint: `${image.name}: ${values}`,
      captions: showValue
        ? [
            { text: image.name, bold: true, color: palette.ink },
            { text: formatValue(image.before), end: `→ ${formatValue(image.after)}` },
          ]
        : [],
    };
  };
  const rows = groups.flatMap((group, g): TileRow[] =>
    inRows(group.map(tileOf), across).map((tiles, i) => ({
      tiles,
      space: g && !i ? 14 : 0,
      labels:
        i || !labelWidth
          ? []
          : [{ text: layers[g], bold: true, color: palette.ink }, { text: countOf(group.length, 'image') }],
    })),
  );
  return close(drawTiles(body, rows, { ...layout, palette }));
}
