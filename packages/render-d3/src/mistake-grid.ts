import type { Images, Mistakes } from '@convlens/core';
import { expectCount, expectSome } from './checks.js';
import type { FigureOptions } from './figure.js';
import { countOf, formatCount, formatShare } from './format.js';
import { drawImageGrid } from './image-grid.js';

export interface MistakeGridOptions extends FigureOptions {
  /** Images at most, from 1; 16. */
  readonly count?: number;
  /** At most, from 1; 8. */
  readonly columns?: number;
}

/** The images that a network gets wrong and is surest of, each with its class and with what the network says. */
export function mistakeGrid(
  { mistakes, images }: { readonly mistakes: Mistakes; readonly images: Images },
  options: MistakeGridOptions = {},
): SVGSVGElement {
  const entries = mistakes.entries.slice(0, expectCount('count', options.count ?? 16));
  expectSome(entries, 'mistake');
  const indices = entries.map(({ index }) => index);
  return drawImageGrid(
    images,
    { ...options, indices, predictions: entries },
    {
      title: `${countOf(entries.length, 'mistake')} that the network is surest of`,
      subtitle:
        `Of ${countOf(mistakes.count, 'image')} of ${mistakes.name} it gets ${formatCount(mistakes.wrong)} wrong ` +
        `(${formatShare(mistakes.wrong / mistakes.count)}). Under each: its class, its index, and what it is taken for.`,
    },
  );
}
