import { expectNumber } from '@convlens/core';
import { Resvg } from '@resvg/resvg-js';
import { createRequire } from 'node:module';
import type { Figure, FigureOptions } from './figure.js';
import { LightDocument } from './light-document.js';
import { serialize } from './serialize.js';

export interface PngOptions {
  /** Pixels of the PNG a pixel of the figure, 0.01 to 32; 2. */
  readonly pixelRatio?: number;
  /** A colour under the figure, which has a ground of its own; none. */
  readonly background?: string;
  /** More fonts (TTF or OTF) for letters that Inter lacks, such as Chinese; none. */
  readonly fontFiles?: readonly string[];
}

/**
 * A document to draw in where there is no browser. Its elements know what figures and `serialize` need, attributes,
 * children and text, and nothing else of a DOM: no selectors, no events.
 */
export const createDocument = (): Document => new LightDocument() as unknown as Document;

let shared: Document | undefined;

/** A figure as the text of an SVG file. */
export function renderSvg<R, O extends FigureOptions>(
  figure: Figure<R, O>,
  records: R,
  options: O = {} as O,
): string {
  shared ??= createDocument();
  return serialize(figure(records, { ...options, document: options.document ?? shared }));
}

const fonts = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];

/** The text of an SVG file as a PNG file, with the font that the layout was measured in, and no other of the machine's. */
export function svgToPng(
  svg: string,
  { pixelRatio = 2, background, fontFiles = [] }: PngOptions = {},
): Uint8Array {
  expectNumber('pixelRatio', pixelRatio, { min: 0.01, max: 32 });
  const { resolve } = createRequire(import.meta.url);
  // resvg knows hard edges only by the older of their two names.
  const crisp = svg.replaceAll('image-rendering="pixelated"', 'image-rendering="optimizeSpeed"');
  const own = fonts.map((name) => resolve(`@expo-google-fonts/inter/${name}`));
  const drawing = new Resvg(crisp, {
    background,
    fitTo: { mode: 'zoom', value: pixelRatio },
    font: { fontFiles: [...own, ...fontFiles], loadSystemFonts: false, defaultFontFamily: 'Inter' },
  });
  return drawing.render().asPng();
}

/** A figure as a PNG file. */
export function renderPng<R, O extends FigureOptions>(
  figure: Figure<R, O>,
  records: R,
  { pixelRatio, background, fontFiles, ...options }: O & PngOptions = {} as O & PngOptions,
): Uint8Array {
  return svgToPng(renderSvg(figure, records, options as unknown as O), { pixelRatio, background, fontFiles });
}
