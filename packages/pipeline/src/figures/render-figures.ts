import { expectMethods, expectList, expectObject, expectOptions, type OptionNames } from '@convlens/core';
import { serialize } from '@convlens/render-d3';
import { expectStore, writeText, type BlobStore } from '@convlens/storage';
import { withUniqueNames, type FigureSpec } from './figure-spec.js';

export interface RenderFiguresOptions {
  /** The folder of the files. */
  readonly store: BlobStore;
  /** The document that creates the elements; `createDocument()` of render-d3/node outside a browser. */
  readonly document: Document;
  /** Converts an SVG to a PNG. Default: SVG files only. */
  readonly toPng?: (svg: string) => Uint8Array | Promise<Uint8Array>;
  readonly signal?: AbortSignal;
  /** Called with the name of each figure after its files are written. */
  readonly onFigure?: (name: string) => void;
}

export const RENDER_FIGURES_OPTIONS: OptionNames<RenderFiguresOptions> = {
  store: true,
  document: true,
  toPng: true,
  signal: true,
  onFigure: true,
};

/**
 * Renders figures to the files NAME.svg and NAME.png. A name that occurs again becomes NAME-2.
 *
 * @returns the SVG texts, in the order of the figures
 */
export async function renderFigures(
  figures: readonly FigureSpec[],
  options: RenderFiguresOptions,
): Promise<string[]> {
  expectOptions('renderFigures', options, RENDER_FIGURES_OPTIONS);
  expectObject('the options of renderFigures', options);
  expectList('figures', figures, expectObject);
  expectStore('store', options.store);
  expectMethods('document', options.document, 'a Document', ['createElementNS']);
  const { store, document, toPng, signal, onFigure } = options;
  const svgs = [];
  for (const { name, render } of withUniqueNames(figures)) {
    signal?.throwIfAborted();
    const svg = serialize(render({ document }));
    await writeText(store, `${name}.svg`, svg);
    if (toPng) await store.write(`${name}.png`, await toPng(svg));
    svgs.push(svg);
    onFigure?.(name);
  }
  return svgs;
}
