import { expectFunction, expectObject } from '@convlens/core';
import type { Figure, FigureOptions } from './drawing/figure.js';
import { LightDocument } from './page/light-document.js';
import { serialize } from './page/serialize.js';

/**
 * A document to render figures in without a browser. Its elements have attributes, children and text, and
 * nothing else of the DOM: no selectors, no events.
 */
export const createDocument = (): Document => new LightDocument() as unknown as Document;

let sharedDocument: Document | undefined;

/** A figure as the text of an SVG file. `svgToPng` of @convlens/svg-to-png makes a PNG of it. */
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
