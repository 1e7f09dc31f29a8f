import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { roomIn, type FigureOptions } from './figure.js';
import { roomFor } from './measure.js';
import { draw, hint, write, type Mark } from './svg.js';
import type { Palette } from './theme.js';

export interface LinePanel {
  readonly palette: Palette;
  readonly name: string;
  /** Of what is drawn upwards. */
  readonly unit: string;
  readonly width: number;
  /** Where the lines end, pixels from the left; the width less 8. */
  readonly right?: number;
  readonly x: {
    readonly domain: readonly [number, number];
    readonly label: string;
    readonly format?: string;
  };
  /** The domain is widened to whole ticks. */
  readonly y: { readonly domain: readonly [number, number]; readonly format?: string };
}

export interface Scales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

export const PANEL_HEIGHT = 300;
export const PANEL_TOP = 44;
export const PANEL_BOTTOM = PANEL_HEIGHT - 38;
const LEFT = 46;
/** Lines with more points than that are not marked point by point. */
const MOST_POINTS = 12;
/** So many places along a panel answer to the pointer. */
const MOST_PLACES = 200;

/** Draws name, axes and grid of a panel for lines; returns its scales. */
export function drawLinePanel(parent: Mark, panel: LinePanel): Scales {
  const { palette, name, unit, right = panel.width - 8 } = panel;
  const x = scaleLinear(panel.x.domain, [LEFT, right]);
  const y = scaleLinear(panel.y.domain, [PANEL_BOTTOM, PANEL_TOP]).nice(6);
  const tick = { 'font-size': 10.5, fill: palette.muted };
  write(parent, name, { x: 0, y: 13, 'font-size': 13, 'font-weight': 600, fill: palette.ink });
  const nameWidth = roomFor(name, { size: 13, bold: true }) + 6;
  write(parent, unit, { x: nameWidth, y: 13, 'font-size': 11, fill: palette.muted });
  for (const value of y.ticks(6)) {
    draw(parent, 'line', { x1: LEFT, x2: right, y1: y(value), y2: y(value), stroke: palette.grid });
    const text = y.tickFormat(6, panel.y.format)(value);
    write(parent, text, { x: LEFT - 7, y: y(value) + 3.5, 'text-anchor': 'end', ...tick });
  }
  draw(parent, 'line', { x1: LEFT, x2: right, y1: PANEL_BOTTOM, y2: PANEL_BOTTOM, stroke: palette.axis });
  const isShare = panel.x.format !== undefined;
  for (const value of x.ticks(Math.min(8, (right - LEFT) / 42))) {
    // What is not a share is counted, from 1.
    if (!isShare && (!Number.isInteger(value) || value < 1)) continue;
    const ends = { y1: PANEL_BOTTOM, y2: PANEL_BOTTOM + 4, stroke: palette.axis };
    draw(parent, 'line', { x1: x(value), x2: x(value), ...ends });
    const text = isShare ? x.tickFormat(8, panel.x.format)(value) : String(value);
    write(parent, text, { x: x(value), y: PANEL_BOTTOM + 17, 'text-anchor': 'middle', ...tick });
  }
  const label = { y: PANEL_BOTTOM + 34, 'font-size': 11, 'text-anchor': 'middle', fill: palette.muted };
  write(parent, panel.x.label, { x: (LEFT + right) / 2, ...label });
  return { x, y };
}

/** A line through [x, y] points, broken where y is not finite; few points are marked one by one. */
export function drawLine(
  parent: Mark,
  points: readonly (readonly [number, number])[],
  {
    x,
    y,
    color,
    dash,
    hintOf,
  }: Scales & { color: string; dash?: string; hintOf: (x: number, y: number) => string },
): void {
  const d = line<readonly [number, number]>()
    .defined(([, value]) => Number.isFinite(value))
    .x(([place]) => x(place))
    .y(([, value]) => y(value))
    .digits(3)(points);
  const round = { 'stroke-linejoin': 'round', 'stroke-linecap': 'round' };
  if (d)
    draw(parent, 'path', {
      d,
      fill: 'none',
      stroke: color,
      'stroke-width': 2,
      ...round,
      'stroke-dasharray': dash,
    });
  if (points.length > MOST_POINTS) return;
  for (const [place, value] of points)
    if (Number.isFinite(value))
      hint(draw(parent, 'circle', { cx: x(place), cy: y(value), r: 3, fill: color }), hintOf(place, value));
}

/** Says what the lines are at the place under the pointer, for each of some ascending places. */
export function drawPlaces(
  parent: Mark,
  places: readonly number[],
  { x, hintOf }: Pick<Scales, 'x'> & { hintOf: (place: number, i: number) => string },
): void {
  const step = Math.ceil(places.length / MOST_PLACES);
  const shown = places.map((place, i) => ({ place, i })).filter(({ i }) => i % step === 0);
  const [first, last] = x.range();
  shown.forEach(({ place, i }, n) => {
    const start = n ? (x(shown[n - 1].place) + x(place)) / 2 : first;
    const end = n < shown.length - 1 ? (x(place) + x(shown[n + 1].place)) / 2 : last;
    const box = { x: start, y: PANEL_TOP, width: end - start, height: PANEL_BOTTOM - PANEL_TOP };
    hint(draw(parent, 'rect', { ...box, fill: 'none', 'pointer-events': 'all' }), hintOf(place, i));
  });
}

/** From the smallest to the largest finite value, with a margin; [0, 1] if there is none. */
export function domainOf(values: readonly (number | undefined)[]): [number, number] {
  const finite = values.filter((value) => Number.isFinite(value)) as number[];
  if (!finite.length) return [0, 1];
  const low = finite.reduce((least, value) => Math.min(least, value));
  const high = finite.reduce((most, value) => Math.max(most, value));
  const margin = (high - low) * 0.03 || Math.abs(high) * 0.05 || 0.05;
  return [low - margin, high + margin];
}

/** From the first place to the last, never of no length. */
export function spanOf(places: readonly number[]): [number, number] {
  const low = places.reduce((least, place) => Math.min(least, place), Infinity);
  const high = places.reduce((most, place) => Math.max(most, place), -Infinity);
  return low < high ? [low, high] : low === high ? [low - 0.5, low + 0.5] : [1, 2];
}

const GAP = 36;
const WIDEST = 392;
/** Panels narrower than this stand one above the other. */
const NARROW = 300;

/** Where panels stand: side by side, or one above the other where a figure must be narrow. */
export function arrangePanels(
  options: FigureOptions,
  count: number,
): { panelWidth: number; width: number; stacked: boolean } {
  const room = roomIn(options);
  const share = (room + GAP) / count - GAP;
  const stacked = count > 1 && share < NARROW;
  const panelWidth = Math.min(WIDEST, stacked ? room : share);
  return { panelWidth, stacked, width: stacked ? panelWidth : count * (panelWidth + GAP) - GAP };
}

/** Lines are told apart by their dashes as well as by their colours. */
export const dashOf = (i: number): string | undefined => [undefined, '6 3', '2 3', '8 3 2 3'][i % 4];
