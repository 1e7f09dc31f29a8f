import { InputError } from '@convlens/core';
import { select, type Selection } from 'd3-selection';

export type Mark = Selection<SVGElement, unknown, null, undefined>;
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/**
 * Rounds to three decimals, a thousandth of a pixel, so that every machine writes the same digits; never
 * "-0".
 */
export const round = (value: number): number => Math.round(value * 1000) / 1000 || 0;

/** A transform that rotates a mark around a point, by degrees clockwise. */
export const rotation = (degrees: number, { x, y }: { x: number; y: number }): string =>
  `rotate(${degrees} ${round(x)} ${round(y)})`;

/**
 * Appends an element. Undefined attributes are omitted; a color may be a role of the theme, such as "ink".
 */
export function append(parent: Mark, name: string, attributes: Attributes = {}): Mark {
  const mark = parent.append<SVGElement>(name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) mark.attr(key, typeof value === 'number' ? round(value) : value);
  return mark;
}

/** Appends a group, translated by (x, y). */
export const appendGroup = (parent: Mark, { x = 0, y = 0 }: { x?: number; y?: number }): Mark =>
  append(parent, 'g', { transform: x || y ? `translate(${round(x)},${round(y)})` : undefined });

/** Appends a line of text, in the muted color by default. */
export const appendText = (parent: Mark, text: string, attributes: Attributes): Mark =>
  append(parent, 'text', { fill: 'muted', ...attributes }).text(text);

/** Appends a straight line. */
export const appendLine = (parent: Mark, [x1, y1, x2, y2]: readonly number[], attributes: Attributes): Mark =>
  append(parent, 'line', { x1, x2, y1, y2, ...attributes });

/** Appends the tooltip of a mark. */
export const appendTooltip = (mark: Mark, text: string): Mark => append(mark, 'title').text(text);

/** Appends an invisible rectangle that receives pointer events, with its tooltip. */
export const appendHoverTarget = (parent: Mark, box: Attributes, text: string): Mark =>
  appendTooltip(append(parent, 'rect', { ...box, fill: 'none', 'pointer-events': 'all' }), text);

/** An empty svg element that is not in a document yet. */
export function createSvg(document: Document | undefined): Mark {
  if (typeof document?.createElementNS !== 'function')
    throw new InputError(
      'Expected options.document to be a Document, got none: ' +
        'in Node use renderSvg or createDocument of @convlens/render-d3/node',
    );
  return select<SVGElement, unknown>(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));
}
