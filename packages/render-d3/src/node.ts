import {
  showValue,
  InputError,
  expectObject,
  expectFunction,
  expectString,
  expectNumber,
  expectOptions,
  type OptionNames,
} from '@convlens/core';
import { Resvg } from '@resvg/resvg-js';
import { createRequire } from 'node:module';
import type { Figure, FigureOptions } from './drawing/figure.js';
import { LightDocument } from './page/light-document.js';
import { serialize } from './page/serialize.js';

export interface PngOptions {
  /** Pixels of the PNG per pixel of the figure, 0.01 to 32; default 2. */
  readonly pixelRatio?: number;
  /** The color behind transparent parts; default: none. Figures have a background of their own. */
  readonly background?: string;
  /** Additional fonts (TTF or OTF) for characters that Inter lacks, such as Chinese; default: none. */
  readonly fontFiles?: readonly string[];
}

const PNG_OPTIONS: OptionNames<PngOptions> = { pixelRatio: true, background: true, fontFiles: true };

const FONTS = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];

/**
 * A document to render figures in without a browser. Its elements have attributes, children and text, and
 * nothing else of the DOM: no selectors, no events.
 */
export const createDocument = (): Document => new LightDocument() as unknown as Document;

let sharedDocument: Document | undefined;

/** A figure as the text of an SVG file. */
export function renderSvg<R, O extends FigureOptions>(
  figure: Figure<R, O>,
  records: R,
  options: O = {} as O,
): string {
  expectFunction('figure', figure);
  expectObject('options', options);
  sharedDocument ??= createDocument();
  return serialize(figure(records, { ...options, document: options.document ?? sharedDocument }));
}

function expectSvg(svg: string): void {
  if (!expectString('svg', svg).includes('<svg'))
    throw new InputError(`Expected svg to be the text of an SVG file, got ${showValue(svg)}`);
}

/** The text of an SVG file as a PNG file, in the font Inter; fonts of the machine are not used. */
export function svgToPng(svg: string, options: PngOptions = {}): Uint8Array {
  expectOptions('svgToPng', options, PNG_OPTIONS);
  expectSvg(svg);
  const { pixelRatio = 2, background, fontFiles = [] } = options;
  expectNumber('pixelRatio', pixelRatio, { min: 0.01, max: 32 });
  const { resolve } = createRequire(import.meta.url);
  // resvg knows the older of the two names for hard edges.
  const svgForResvg = svg.replaceAll('image-rendering="pixelated"', 'image-rendering="optimizeSpeed"');
  const interFiles = FONTS.map((name) => resolve(`@expo-google-fonts/inter/${name}`));
  const resvg = new Resvg(svgForResvg, {
    background,
    fitTo: { mode: 'zoom', value: pixelRatio },
    font: { fontFiles: [...interFiles, ...fontFiles], loadSystemFonts: false, defaultFontFamily: 'Inter' },
  });
  return resvg.render().asPng();
}

/** A figure as a PNG file. `options` are those of the figure and of the PNG. */
export function renderPng<R, O extends FigureOptions>(
  figure: Figure<R, O>,
  records: R,
  options: O & PngOptions = {} as O & PngOptions,
): Uint8Array {
  expectFunction('figure', figure);
  expectObject('options', options);
  const { pixelRatio, background, fontFiles, ...figureOptions } = options;
  const svg = renderSvg(figure, records, figureOptions as unknown as O);
  return svgToPng(svg, { pixelRatio, background, fontFiles });
}
