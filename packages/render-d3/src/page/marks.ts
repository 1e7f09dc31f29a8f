import { formatValue } from '../drawing/format.js';
import type { Raster } from '../drawing/raster.js';
import type { MarkDatum } from '../drawing/mark-datum.js';

/** A mark that was selected by a click, a tap or the Enter key. */
export interface SelectedMark extends MarkDatum {
  /** The text of its tooltip. */
  readonly text: string;
}

/** A point of the window in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The number of marks that a key moves by. Arrow keys wrap around; the other keys stop at the ends. */
const KEY_STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: -Infinity,
  End: Infinity,
};

/** The datum that D3 has bound to an element. */
const datumOf = <T>(element: Element): T | undefined => (element as { __data__?: T }).__data__;

const titleOf = (element: Element): string | undefined =>
  [...element.children].find(({ localName }) => localName === 'title')?.textContent ?? undefined;

/** The nearest value from 0 to `max`. */
export const clamp = (value: number, max: number): number => Math.max(0, Math.min(max, value));

/** The mark that contains `target`: the nearest element with a title, inside the figure. */
export function markOf(svg: SVGSVGElement, target: Element | null): Element | undefined {
  for (let element = target; element && element !== svg; element = element.parentElement)
    if (titleOf(element)) return element;
  return undefined;
}

/** The mark that `key` moves to from `current`; undefined if the key does not move. */
export function nextMark(svg: SVGSVGElement, current: Element | undefined, key: string): Element | undefined {
  const step = KEY_STEPS[key];
  const marks = [...svg.querySelectorAll('g, rect, circle, path')].filter(titleOf);
  if (!step || !marks.length) return undefined;
  const beforeFirst = step > 0 ? -1 : 0;
  const position = (current ? marks.indexOf(current) : beforeFirst) + step;
  const isArrow = Math.abs(step) === 1;
  return marks[isArrow ? (position + marks.length) % marks.length : clamp(position, marks.length - 1)];
}

export function selectedMark(mark: Element): SelectedMark {
  return { ...datumOf<MarkDatum>(mark), text: titleOf(mark)! };
}

/** The value of a raster under a point; empty if the raster shows no values. */
function valueText(image: Element, { x, y }: Point): string {
  const { values, width, height } = datumOf<Raster>(image) ?? { width: 0, height: 0 };
  if (!values) return '';
  const box = image.getBoundingClientRect();
  const column = clamp(Math.floor(((x - box.left) / box.width) * width), width - 1);
  const row = clamp(Math.floor(((y - box.top) / box.height) * height), height - 1);
  return `row ${row}, column ${column}: ${formatValue(values[row * width + column])}`;
}

/** The title of a mark and, on an image, the value under the point. */
export function tooltipText(mark: Element, target: Element, point: Point): string {
  return [titleOf(mark), target.localName === 'image' && valueText(target, point)].filter(Boolean).join('\n');
}
