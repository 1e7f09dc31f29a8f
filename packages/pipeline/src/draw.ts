import type { BlobStore } from '@convlens/storage';
import { serialize } from '@convlens/render-d3';
import { namedApart, type FigurePlan } from './report/section.js';

export interface DrawOptions {
  /** Where the files go. */
  store: BlobStore;
  /** Where the figures are drawn; `createDocument()` of render-d3/node where there is no browser. */
  document: Document;
  /** Turns an SVG into a PNG; without it there are SVG files only. */
  toPng?: (svg: string) => Uint8Array | Promise<Uint8Array>;
  signal?: AbortSignal;
  /** Told of each figure once its files are there. */
  onFigure?: (name: string) => void;
}

/** Draws figures into files, NAME.svg and NAME.png (NAME-2 where a name comes again); returns the SVG texts, in their order. */
export async function drawFigures(
  plans: readonly FigurePlan[],
  { store, document, toPng, signal, onFigure }: DrawOptions,
): Promise<string[]> {
  const drawn = [];
  for (const { name, draw } of namedApart(plans)) {
    signal?.throwIfAborted();
    const svg = serialize(draw({ document }));
    await store.write(`${name}.svg`, new TextEncoder().encode(svg));
    if (toPng) await store.write(`${name}.png`, await toPng(svg));
    drawn.push(svg);
    onFigure?.(name);
  }
  return drawn;
}
