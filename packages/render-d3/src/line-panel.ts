import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { roomIn, type FigureOptions } from './figure.js';
import { rangeOf } from './numbers.js';
import { draw, group, hint, rule, write, type Mark } from './svg.js';

/** A line through points whose x ascend, broken where y is not finite. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly color: string;
  readonly dash?: string;
  /** Where the line is ringed. */
  readonly ring?: number;
}

export interface LinePanel {
  readonly name: string;
  /** Of what is drawn upwards. */
  readonly unit: string;
  readonly width: number;
  /** Where the lines end, pixels from the left; the width less 8. */
  readonly right?: number;
  readonly lines: readonly Line[];
  readonly x: {
    readonly domain: readonly [number, number];
    readonly label: string;
    /** Of shares; whole numbers from 1 are counted, without one. */
    readonly format?: (value: number) => string;
  };
  /** The domain is widened to whole ticks. */
  readonly y: {
    readonly domain: readonly [number, number];
    /** A d3-format of ticks. */
    readonly ticks?: string;
    readonly format: (value: number) => string;
  };
}

export interface Scales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

export const PANEL_HEIGHT = 300;
export const PANEL_TOP = 44;
export const PANEL_BOTTOM = PANEL_HEIGHT - 38;
export const PANEL_LEFT = 46;
/** Lines with more points than that are not marked point by point. */
const MOST_POINTS = 12;
/** So many places along a panel answer to the pointer. */
const MOST_PLACES = 200;

/** Draws the grid of an axis that runs upwards, with its ticks. */
export function drawUpwardsAxis(
  parent: Mark,
  { scale, right, ticks }: { scale: ScaleLinear<number, number>; right: number; ticks?: string },
): void {
  for (const value of scale.ticks(6)) {
    const y = scale(value);
    rule(parent, [PANEL_LEFT, y, right, y], { stroke: 'grid' });
    const place = { x: PANEL_LEFT - 7, y: y + 3.5, 'text-anchor': 'end', 'font-size': 10.5 };
    write(parent, scale.tickFormat(6, ticks)(value), place);
  }
}

function drawLine(parent: Mark, { points, color, dash, ring }: Line, { x, y }: Scales): void {
  const d = line<readonly [number, number]>()
    .defined(([, value]) => Number.isFinite(value))
    .x(([place]) => x(place))
    .y(([, value]) => y(value))
    .digits(3)(points);
  const style = { 'stroke-width': 2, 'stroke-linejoin': 'round', 'stroke-linecap': 'round' };
  if (d) draw(parent, 'path', { d, fill: 'none', stroke: color, ...style, 'stroke-dasharray': dash });
  for (const [place, value] of points) {
    if (!Number.isFinite(value)) continue;
    const center = { cx: x(place), cy: y(value), fill: color };
    if (points.length <= MOST_POINTS) draw(parent, 'circle', { ...center, r: 3 });
    if (place === ring) draw(parent, 'circle', { ...center, r: 4.5, stroke: 'ink', 'stroke-width': 2 });
  }
}

/** Draws lines over a grid, and says what they are at the place under the pointer; returns the scales. */
export function drawLinePanel(parent: Mark, panel: LinePanel): Scales {
  const { name, unit, lines, right = panel.width - 8 } = panel;
  const { label, format } = panel.x;
  const x = scaleLinear(panel.x.domain, [PANEL_LEFT, right]);
  const y = scaleLinear(panel.y.domain, [PANEL_BOTTOM, PANEL_TOP]).nice(6);
  const head = write(parent, `${name} `, { y: 13, 'font-size': 13, 'font-weight': 600, fill: 'ink' });
  // Part of the same text, so that it begins where the name ends, whatever font a browser has.
  draw(head, 'tspan', { dx: 4, 'font-size': 11, 'font-weight': 400, fill: 'muted' }).text(unit);
  drawUpwardsAxis(parent, { scale: y, right, ticks: panel.y.ticks });
  rule(parent, [PANEL_LEFT, PANEL_BOTTOM, right, PANEL_BOTTOM], { stroke: 'axis' });
  for (const value of x.ticks(Math.min(8, (right - PANEL_LEFT) / 42))) {
    if (!format && (!Number.isInteger(value) || value < 1)) continue;
    rule(parent, [x(value), PANEL_BOTTOM, x(value), PANEL_BOTTOM + 4], { stroke: 'axis' });
    const place = { x: x(value), y: PANEL_BOTTOM + 17, 'text-anchor': 'middle', 'font-size': 10.5 };
    write(parent, (format ?? String)(value), place);
  }
  write(parent, label, { x: (PANEL_LEFT + right) / 2, y: PANEL_BOTTOM + 34, 'text-anchor': 'middle' });
  for (const one of lines) drawLine(parent, one, { x, y });
  drawPlaces(parent, panel, x);
  return { x, y };
}

/** Says what the lines are at the place under the pointer, for each of the places where one of them has a point. */
function drawPlaces(parent: Mark, { lines, x: { format, label }, y }: LinePanel, x: Scales['x']): void {
  const known = lines.map(({ points }) => new Map(points));
  const places = [...new Set(known.flatMap((points) => [...points.keys()]))].sort((a, b) => a - b);
  const step = Math.ceil(places.length / MOST_PLACES);
  const shown = places.filter((_, i) => i % step === 0);
  const [first, last] = x.range();
  shown.forEach((place, n) => {
    const start = n ? (x(shown[n - 1]) + x(place)) / 2 : first;
    const end = n < shown.length - 1 ? (x(place) + x(shown[n + 1])) / 2 : last;
    const box = { x: start, y: PANEL_TOP, width: end - start, height: PANEL_BOTTOM - PANEL_TOP };
    const said = lines.flatMap(({ name }, i) => {
      const value = known[i].get(place);
      return value === undefined ? [] : [`${name} ${y.format(value)}`];
    });
    const where = format ? format(place) : `${label} ${place}`;
    const strip = draw(parent, 'rect', { ...box, fill: 'none', 'pointer-events': 'all' });
    hint(strip, `${where}: ${said.join(', ')}`);
  });
}

/** From the smallest to the largest finite value, with a margin; [0, 1] if there is none. */
export function domainOf(values: readonly (number | undefined)[]): [number, number] {
  const finite = values.filter((value) => Number.isFinite(value)) as number[];
  if (!finite.length) return [0, 1];
  const { low, high } = rangeOf(finite);
  const margin = (high - low) * 0.03 || Math.abs(high) * 0.05 || 0.05;
  return [low - margin, high + margin];
}

const GAP = 36;
const WIDEST = 392;
/** Panels narrower than this stand one above the other. */
const NARROW = 300;

/** Panels side by side, or one above the other where a figure must be narrow. */
export interface PanelRow {
  readonly width: number;
  /** Draws each of them, which returns its height, from `top` on; returns where the lowest ends, pixels. */
  draw<T>(
    body: Mark,
    panels: readonly T[],
    options: { top?: number; drawPanel: (panel: Mark, item: T, width: number) => number },
  ): number;
}

/** Makes room for `count` panels. */
export function panelRow(options: FigureOptions, count: number): PanelRow {
  const room = roomIn(options);
  const share = (room + GAP) / count - GAP;
  const isStacked = count > 1 && share < NARROW;
  const width = Math.min(WIDEST, isStacked ? room : share);
  return {
    width: isStacked ? width : count * (width + GAP) - GAP,
    draw(body, panels, { top = 0, drawPanel }) {
      let lowest = top;
      panels.forEach((item, i) => {
        const y = isStacked && i ? lowest + 14 : top;
        const panel = group(body, { x: isStacked ? 0 : i * (width + GAP), y });
        lowest = Math.max(lowest, y + drawPanel(panel, item, width));
      });
      return lowest;
    },
  };
}

/** Lines are told apart by their dashes as well as by their colours. */
export const dashOf = (i: number): string | undefined => [undefined, '6 3', '2 3', '8 3 2 3'][i % 4];
