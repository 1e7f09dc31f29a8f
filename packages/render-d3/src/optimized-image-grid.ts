import { expectOneOf, type OptimizedImage } from '@convlens/core';
import { expectSome } from './checks.js';
import { roomIn, type FigureOptions } from './figure.js';
import { countOf, formatBrief, formatValue } from './format.js';
import { momentsOf } from './numbers.js';
import { rasterOf, type Raster } from './raster.js';
import { drawTileFigure, tileSize, type Tile } from './tiles.js';

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
  const { mean, std } = momentsOf(pixels);
  const gain = 25.5 / (std + 1e-5);
  const bytes = Uint8ClampedArray.from(pixels, (level) =>
    tone === 'clipped' ? level : 127.5 + (level - mean) * gain,
  );
  return rasterOf(bytes, { width, height, channels });
}

const layerOf = ({ objective }: OptimizedImage) =>
  'layer' in objective ? objective.layer : objective.kind === 'class' ? 'classes' : '';

/** Images that were made so that a part of a network answers to them, grouped by layer: as many as all its filters. */
export function optimizedImageGrid(
  images: readonly OptimizedImage[],
  options: OptimizedImageGridOptions = {},
): SVGSVGElement {
  expectSome(images, 'image');
  const { columns = images.length > 64 ? 16 : 8 } = options;
  const tone = toneFor(images, options.tone);
  const layers = [...new Set(images.map(layerOf))];
  const groups = layers.map((layer) => images.filter((image) => layerOf(image) === layer));
  const asked = Math.min(columns, Math.max(...groups.map(({ length }) => length)));
  const labelWidth = layers.length > 1 ? 96 : 0;
  const target = (Math.min(800, roomIn(options)) - labelWidth) / asked - 8;
  const size = tileSize(images[0], Math.min(96, Math.max(44, target)));
  const { showValue = size.width >= WIDE_ENOUGH } = options;
  const tileOf = (image: OptimizedImage): Tile => {
    const { name, objective, before, after } = image;
    return {
      raster: madeRaster(image, tone),
      subject: 'channel' in objective ? { filter: objective.channel } : {},
      hint: `${name}: from ${formatValue(before)} to ${formatValue(after)}`,
      captions: showValue
        ? [
            { text: name, bold: true },
            { text: formatBrief(before), end: `→ ${formatBrief(after)}` },
          ]
        : [],
    };
  };
  return drawTileFigure(options, {
    title: `Images made for ${layers.filter(Boolean).join(', ') || 'a network'}`,
    subtitle:
      (tone === 'clipped'
        ? 'Levels are cut to 0..255.'
        : 'Each image with mean 0.5 and standard deviation 0.1, cut.') +
      (showValue ? ' Under each: what it is made for, and the answer to it (in grey: before).' : ''),
    description: `${countOf(images.length, 'image')}: ${images.map(({ name }) => name).join(', ')}.`,
    size,
    labelWidth,
    gap: asked > 10 ? 6 : 8,
    columns,
    bands: groups.map((group, g) => ({
      labels: labelWidth
        ? [{ text: layers[g], bold: true }, { text: countOf(group.length, 'image') }]
        : undefined,
      tiles: group.map(tileOf),
      space: 14,
    })),
  });
}
