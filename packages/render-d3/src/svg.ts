import { InputError } from '@convlens/core';
import { select, type Selection } from 'd3-selection';

export type Mark = Selection<SVGElement, unknown, null, undefined>;
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Three decimals are a thousandth of a pixel, and the same digits on every machine; no "-0". */
export const round = (value: number): number => Math.round(value * 1000) / 1000 || 0;

/** A transform that turns a mark around a point, by degrees clockwise. */
export const turn = (degrees: number, { x, y }: { x: number; y: number }): string =>
  `rotate(${degrees} ${round(x)} ${round(y)})`;

/** Appends an element with presentation attributes; undefined ones are left out. A colour may be the name of one of a theme. */
export function draw(parent: Mark, name: string, attributes: Attributes = {}): Mark {
  const mark = parent.append<SVGElement>(name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) mark.attr(key, typeof value === 'number' ? round(value) : value);
  return mark;
}

/** Appends a group that is moved. */
export const group = (parent: Mark, { x = 0, y = 0 }: { x?: number; y?: number }): Mark =>
  draw(parent, 'g', { transform: x || y ? `translate(${round(x)},${round(y)})` : undefined });

/** Appends a line of text, 11 pixels high and muted unless the attributes say otherwise. */
export const write = (parent: Mark, text: string, attributes: Attributes): Mark =>
  draw(parent, 'text', { fill: 'muted', ...attributes }).text(text);

/** Appends a straight line. */
export const rule = (parent: Mark, [x1, y1, x2, y2]: readonly number[], attributes: Attributes): Mark =>
  draw(parent, 'line', { x1, x2, y1, y2, ...attributes });

/** What a mouse that rests on the mark shows. */
export const hint = (mark: Mark, text: string): Mark => draw(mark, 'title').text(text);

/** An empty svg element that is in no document. */
export function createSvg(document: Document | undefined): Mark {
  if (typeof document?.createElementNS !== 'function')
    throw new InputError(
      'Expected options.document to be a Document, got none: in Node use renderSvg or createDocument of @convlens/render-d3/node',
    );
  return select<SVGElement, unknown>(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));
}
