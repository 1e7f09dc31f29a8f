import type { Figure, FigureOptions } from './figure.js';
import { formatValue } from './format.js';
import { patch } from './patch.js';
import type { Raster } from './raster.js';
import type { Subject } from './tiles.js';

/** A mark that was chosen, by a click, a touch, or the Enter key. */
export interface Choice extends Subject {
  /** What its tooltip says. */
  readonly text: string;
}

export interface MountOptions<R, O extends FigureOptions = FigureOptions> {
  readonly figure: Figure<R, O>;
  readonly records: R;
  /** Those of the figure. `width` follows that of the element unless it is given. */
  readonly options?: O;
  /** Told which mark was chosen; with it, marks look as if they could be. */
  readonly onChoose?: (choice: Choice) => void;
}

/** A figure that stands in a page. */
export interface MountedFigure<R, O extends FigureOptions = FigureOptions> {
  /** Draws other records, or with other options, into the same elements. */
  update(records: R, options?: O): void;
  /** Takes the figure out of the page, with all that listens. */
  destroy(): void;
}

const TOOLTIP =
  'position:fixed;z-index:10;pointer-events:none;max-width:22rem;padding:4px 8px;border-radius:6px;' +
  'font:12px/1.4 system-ui,sans-serif;color:#fff;background:#17202bee;white-space:pre-line';
/** By how many marks a key goes on; arrows go round, the others stop at the ends. */
const KEYS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: -Infinity,
  End: Infinity,
};
/** Between the pointer and its tooltip, pixels. */
const OFFSET = 14;
/** The least width of a figure, pixels. */
const NARROWEST = 240;

const dataOf = <T>(element: Element): T | undefined => (element as { __data__?: T }).__data__;
const titleOf = (mark: Element): string | undefined =>
  [...mark.children].find(({ localName }) => localName === 'title')?.textContent ?? undefined;

/** The nearest to `value` from 0 to `most`. */
const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value));

/** The value of the map under a point of the screen. */
function valueAt(image: Element, { x, y }: { x: number; y: number }): string {
  const { values, width, height } = dataOf<Raster>(image) ?? { width: 0, height: 0 };
  if (!values) return '';
  const box = image.getBoundingClientRect();
  const column = clamp(Math.floor(((x - box.left) / box.width) * width), width - 1);
  const row = clamp(Math.floor(((y - box.top) / box.height) * height), height - 1);
  return `row ${row}, column ${column}: ${formatValue(values[row * width + column])}`;
}

/**
 * Puts a figure into an element of a page and keeps it up to date there: tooltips with the value under the pointer or the
 * finger, marks that the arrow keys go through, and `update`, which changes what is there rather than drawing it anew.
 */
export function mount<R, O extends FigureOptions>(
  element: HTMLElement,
  { figure, records, options: given, onChoose }: MountOptions<R, O>,
): MountedFigure<R, O> {
  const document = element.ownerDocument;
  const view = document.defaultView!;
  const listening = new AbortController();
  let current = { records, options: given };
  /** What the tooltip is of, and where it stands. */
  let shown: { target: Element; x: number; y: number } | undefined;

  const roomOf = () => {
    const { paddingLeft, paddingRight } = view.getComputedStyle(element);
    return Math.floor(element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight));
  };
  const fitted = (): O => {
    const { options = {} as O } = current;
    const room = roomOf();
    // An element that is not shown has no width yet.
    const width = options.width ?? (room > 0 ? Math.max(NARROWEST, room) : Infinity);
    return { ...options, document, width };
  };
  const drawn = () => {
    const svg = figure(current.records, fitted());
    svg.setAttribute('tabindex', '0');
    if (onChoose) svg.setAttribute('cursor', 'pointer');
    return svg;
  };
  const svg = drawn();
  const tooltip = document.createElement('div');
  tooltip.style.cssText = TOOLTIP;
  tooltip.setAttribute('role', 'status');
  tooltip.hidden = true;
  element.append(svg, tooltip);

  const marks = () => [...svg.querySelectorAll('g, rect, circle, path')].filter(titleOf);
  const markOf = (target: EventTarget | null): Element | undefined => {
    const from = target instanceof view.Element ? target : undefined;
    for (let at = from; at && at !== svg; at = at.parentElement ?? undefined) if (titleOf(at)) return at;
    return undefined;
  };
  const hide = () => {
    tooltip.hidden = true;
    shown = undefined;
  };
  const show = (target: Element, { x, y }: { x: number; y: number }) => {
    const mark = markOf(target);
    if (!mark) return hide();
    shown = { target, x, y };
    const value = target.localName === 'image' ? valueAt(target, shown) : '';
    tooltip.textContent = [titleOf(mark), value].filter(Boolean).join('\n');
    tooltip.hidden = false;
    const { width, height } = tooltip.getBoundingClientRect();
    tooltip.style.left = `${clamp(x + OFFSET, view.innerWidth - width - 4)}px`;
    tooltip.style.top = `${y + OFFSET + height > view.innerHeight ? Math.max(0, y - OFFSET - height) : y + OFFSET}px`;
  };
  const point = ({ target, clientX: x, clientY: y }: PointerEvent) => show(target as Element, { x, y });
  const choose = (mark: Element | undefined) => {
    if (mark && onChoose) onChoose({ ...dataOf<Subject>(mark), text: titleOf(mark)! });
  };
  const press = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape') return hide();
    const chosen = shown && markOf(shown.target);
    if (event.key === 'Enter' || event.key === ' ') {
      if (!chosen) return;
      event.preventDefault();
      return choose(chosen);
    }
    const step = KEYS[event.key];
    const all = marks();
    if (!step || !all.length) return;
    event.preventDefault();
    const at = chosen ? all.indexOf(chosen) : step > 0 ? -1 : 0;
    const isArrow = Math.abs(step) === 1;
    const next = all[isArrow ? (at + step + all.length) % all.length : clamp(at + step, all.length - 1)];
    next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const box = next.getBoundingClientRect();
    show(next, { x: box.left + box.width / 2, y: box.top + box.height / 2 });
  };
  const listen = <K extends keyof SVGElementEventMap>(
    name: K,
    listener: (event: SVGElementEventMap[K]) => void,
  ) => svg.addEventListener(name, listener as EventListener, { signal: listening.signal });
  listen('pointermove', point);
  listen('pointerdown', point);
  // A finger that begins to scroll takes its mark along.
  listen('pointercancel', hide);
  document.addEventListener('pointerdown', ({ target }) => svg.contains(target as Node) || hide(), {
    signal: listening.signal,
  });
  // A finger that is lifted leaves too, but its tooltip is there to be read.
  listen('pointerleave', ({ pointerType }) => pointerType === 'mouse' && hide());
  listen('click', ({ target }) => choose(markOf(target)));
  listen('keydown', press);
  listen('blur', hide);

  const redraw = () => {
    patch(svg, drawn());
    if (shown && svg.contains(shown.target)) show(shown.target, shown);
    else hide();
  };
  let room = roomOf();
  const observer = new view.ResizeObserver(() => {
    if (roomOf() === room) return;
    room = roomOf();
    redraw();
  });
  observer.observe(element);

  return {
    update(next, options = current.options) {
      current = { records: next, options };
      redraw();
    },
    destroy() {
      observer.disconnect();
      listening.abort();
      svg.remove();
      tooltip.remove();
    },
  };
}
