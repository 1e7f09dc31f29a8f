import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { extent } from '../drawing/numbers.js';
import { append, appendHoverTarget, appendLine, appendText, type Mark } from '../drawing/svg.js';
import { renderVerticalAxis } from './axis.js';
import { clipLine, type PixelPoint } from './clip-line.js';
import { createValueScale, type NumericScale, type ValueScale } from './value-scale.js';

/** A line through points with ascending x, interrupted where y is not finite. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly color: string;
  readonly dash?: string;
  /** In pixels; default 2. */
  readonly width?: number;
  /** Whether a line of few points has point marks; default true. */
  readonly hasMarks?: boolean;
  /** The x of a point to mark with a ring. */
  readonly ring?: number;
}

export interface LinePanel {
  readonly name: string;
  /** The unit of y. */
  readonly unit: string;
  readonly width: number;
  /** The right end of the lines in pixels; default: `width` - 8. */
  readonly right?: number;
  readonly lines: readonly Line[];
  /** The lines whose points have tooltips; default: `lines`. */
  readonly hoverLines?: readonly Line[];
  readonly x: {
    readonly domain: readonly [number, number];
    readonly label: string;
    /** The text of a tick; without it the ticks are the whole numbers from 1. */
    readonly format?: (value: number) => string;
  };
  readonly y: {
    /** Extended to whole ticks, unless it is fixed. */
    readonly domain: readonly [number, number];
    /** Whether the axis covers just the domain; lines are cut where they leave it. Default false. */
    readonly isFixed?: boolean;
    /** Default 'linear'. */
    readonly scale?: ValueScale;
    /** A d3-format of the ticks. */
    readonly ticks?: string;
    readonly format: (value: number) => string;
  };
}

export interface PanelScales {
  readonly x: NumericScale;
  readonly y: NumericScale;
}

export const PANEL_HEIGHT = 300;
/** The edges of the lines in pixels. */
export const PANEL_TOP = 44;
export const PANEL_BOTTOM = PANEL_HEIGHT - 38;
export const PANEL_LEFT = 46;
/** A line with more points has no point marks. */
const MAX_POINT_MARKS = 12;
/** The largest number of positions along a panel that have a tooltip. */
const MAX_HOVER_TARGETS = 200;

/** Whether a point is within the panel; one that is not finite is not. */
const isInPanel = (pixelY: number) => pixelY >= PANEL_TOP - 1e-6 && pixelY <= PANEL_BOTTOM + 1e-6;

function renderLine(parent: Mark, series: Line, { x, y }: PanelScales): void {
  const { points, color, dash, width = 2, hasMarks = true, ring } = series;
  const pixels = points.map(([pointX, pointY]): PixelPoint => [x(pointX), y(pointY)]);
  const d = line<PixelPoint>()
    .defined(([, pixelY]) => Number.isFinite(pixelY))
    .digits(3)(clipLine(pixels, { top: PANEL_TOP, bottom: PANEL_BOTTOM }));
  const style = { 'stroke-width': width, 'stroke-linejoin': 'round', 'stroke-linecap': 'round' };
  if (d) append(parent, 'path', { d, fill: 'none', stroke: color, ...style, 'stroke-dasharray': dash });
  for (const [pointX, pointY] of points) {
    if (!isInPanel(y(pointY))) continue;
    const center = { cx: x(pointX), cy: y(pointY), fill: color };
    if (hasMarks && points.length <= MAX_POINT_MARKS) append(parent, 'circle', { ...center, r: 3 });
    if (pointX === ring) append(parent, 'circle', { ...center, r: 4.5, stroke: 'ink', 'stroke-width': 2 });
  }
}

function renderPanelTitle(parent: Mark, { name, unit }: LinePanel): void {
  const title = appendText(parent, `${name} `, { y: 13, 'font-size': 13, 'font-weight': 600, fill: 'ink' });
  // A tspan begins where the name ends, whatever font the browser uses.
  append(title, 'tspan', { dx: 4, 'font-size': 11, 'font-weight': 400, fill: 'muted' }).text(unit);
}

function renderHorizontalAxis(parent: Mark, { label, format }: LinePanel['x'], x: PanelScales['x']): void {
  const [left, right] = x.range();
  appendLine(parent, [left, PANEL_BOTTOM, right, PANEL_BOTTOM], { stroke: 'axis' });
  for (const value of x.ticks(Math.min(8, (right - left) / 42))) {
    if (!format && (!Number.isInteger(value) || value < 1)) continue;
    appendLine(parent, [x(value), PANEL_BOTTOM, x(value), PANEL_BOTTOM + 4], { stroke: 'axis' });
    const attributes = { x: x(value), y: PANEL_BOTTOM + 17, 'text-anchor': 'middle', 'font-size': 10.5 };
    appendText(parent, (format ?? String)(value), attributes);
  }
  appendText(parent, label, { x: (left + right) / 2, y: PANEL_BOTTOM + 34, 'text-anchor': 'middle' });
}

/** At most `MAX_HOVER_TARGETS` of the positions where a line has a point, ascending. */
function hoverPositions(lines: readonly Line[]): number[] {
  const xs = [...new Set(lines.flatMap(({ points }) => points.map(([pointX]) => pointX)))].sort(
    (a, b) => a - b,
  );
  const step = Math.ceil(xs.length / MAX_HOVER_TARGETS);
  return xs.filter((_, i) => i % step === 0);
}

/**
 * Divides the panel into strips around the points. The tooltip of a strip holds the values of all lines
 * there.
 */
function renderHoverTargets(
  parent: Mark,
  { lines: allLines, hoverLines: lines = allLines, x: { format, label }, y }: LinePanel,
  x: PanelScales['x'],
): void {
  const positions = hoverPositions(lines);
  const valuesByX = lines.map(({ points }) => new Map(points));
  const [left, right] = x.range();
  positions.forEach((position, i) => {
    const start = i ? (x(positions[i - 1]) + x(position)) / 2 : left;
    const end = i < positions.length - 1 ? (x(position) + x(positions[i + 1])) / 2 : right;
    const values = lines.flatMap(({ name }, l) => {
      const value = valuesByX[l].get(position);
      return value === undefined ? [] : [`${name} ${y.format(value)}`];
    });
    const positionText = format ? format(position) : `${label} ${position}`;
    const strip = { x: start, y: PANEL_TOP, width: end - start, height: PANEL_BOTTOM - PANEL_TOP };
    appendHoverTarget(parent, strip, `${positionText}: ${values.join(', ')}`);
  });
}

/** Lines over a grid, with axes and tooltips; returns the scales. */
export function renderLinePanel(parent: Mark, panel: LinePanel): PanelScales {
  const { lines, right = panel.width - 8 } = panel;
  const x = scaleLinear(panel.x.domain, [PANEL_LEFT, right]);
  const { domain, isFixed, scale: kind = 'linear' } = panel.y;
  const y = createValueScale(kind, domain, { range: [PANEL_BOTTOM, PANEL_TOP], isFixed });
  renderPanelTitle(parent, panel);
  renderVerticalAxis(parent, { scale: y, left: PANEL_LEFT, right, ticks: panel.y.ticks, kind });
  renderHorizontalAxis(parent, panel.x, x);
  for (const series of lines) renderLine(parent, series, { x, y });
  renderHoverTargets(parent, panel, x);
  return { x, y };
}

/** Values that differ by less than this fraction are equal but for rounding: an axis that magnifies it shows noise. */
const NOISE = 1e-5;
/** The smallest extent of an axis, as a fraction of its values. */
const MIN_SPAN = 5e-4;

/** From the smallest to the largest finite value with a margin; [0, 1] if there is none. */
export function paddedDomain(values: readonly (number | undefined)[]): [number, number] {
  const finite = values.filter((value): value is number => Number.isFinite(value));
  if (!finite.length) return [0, 1];
  const { low, high } = extent(finite);
  const magnitude = Math.max(Math.abs(low), Math.abs(high));
  const isNoise = high - low <= NOISE * magnitude;
  // Ticks of a narrower axis have more digits than there is room for.
  const missing = (MIN_SPAN * magnitude - (high - low)) / 2;
  const margin = (isNoise ? magnitude * 0.05 : Math.max(missing, (high - low) * 0.03)) || 0.05;
  return [low - margin, high + margin];
}
