import { expectNumber, expectOptions, InputError, showValue, type OptionNames } from '@convlens/core';
import { readFonts } from './fonts.js';
import { loadResvg } from './load-resvg.js';
import { render } from './render.js';

export interface SvgToPngOptions {
  /** Pixels of the PNG per pixel of the SVG, 0.01 to 32; default 2. */
  readonly pixelRatio?: number;
  /** The color behind transparent parts, as in CSS; default: none. */
  readonly background?: string;
  /** Additional fonts (TTF or OTF) for characters that Inter lacks, such as Chinese; default: none. */
  readonly fontFiles?: readonly string[];
}

const OPTIONS: OptionNames<SvgToPngOptions> = { pixelRatio: true, background: true, fontFiles: true };

/**
 * The text of an SVG file as a PNG file, in the font Inter. Fonts of the machine and images outside the SVG are not used: the same
 * text gives the same bytes on every machine.
 *
 * @throws InputError if the text is no SVG, a font cannot be read, or the PNG would have more than 2^27 pixels
 */
export async function svgToPng(svg: string, options: SvgToPngOptions = {}): Promise<Uint8Array> {
  expectOptions('svgToPng', options, OPTIONS);
  const { pixelRatio = 2, background, fontFiles = [] } = options;
  if (typeof svg !== 'string')
    throw new InputError(`Expected the text of an SVG file, got ${showValue(svg)}`);
  expectNumber('pixelRatio', pixelRatio, { min: 0.01, max: 32 });
  if (background !== undefined && typeof background !== 'string')
    throw new InputError(`Expected background to be a color, got ${showValue(background)}`);
  if (!Array.isArray(fontFiles) || !fontFiles.every((path) => typeof path === 'string'))
    throw new InputError(`Expected fontFiles to be a list of paths, got ${showValue(fontFiles)}`);
  const [Resvg, fonts] = await Promise.all([loadResvg(), readFonts(fontFiles)]);
  // resvg knows the older of the two names for hard edges.
  const text = svg.replaceAll('image-rendering="pixelated"', 'image-rendering="optimizeSpeed"');
  return render(Resvg, text, { pixelRatio, background, fonts });
}
