import { scaleLinear } from 'd3-scale';
import { symbol, symbolCircle, symbolDiamond, symbolSquare, symbolTriangle } from 'd3-shape';
import { classColor } from './class-colors.js';
import { formatValue } from './format.js';
import { drawLegend } from './legend.js';
import { fitText, roomFor } from './measure.js';
import { draw, hint, write, type Mark } from './svg.js';
import type { Palette } from './theme.js';

/** Numbers of one kind, one a row. */
export interface RowSeries {
  readonly name: string;
  /** NaN: there is none. */
  readonly values: readonly number[];
}

export interface RowLayout {
  readonly palette: Palette;
  readonly width: number;
  readonly rows: readonly string[];
  readonly series: readonly RowSeries[];
  /** What the values are, with their unit. */
  readonly axis: string;
  /** Where the axis ends at the least. */
  readonly domain: readonly [number, number];
  /** A d3-format of ticks. */
  readonly ticks?: string;
  readonly format?: (value: number) => string;
}

const PITCH = 24;
const WIDEST_LABEL = 190;
const SHAPES = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond];

/** Told apart by shape as well as by colour. */
const shapeOf = (i: number) => symbol(SHAPES[i % SHAPES.length], 60).digits(3)()!;

/** The colour of one of several lines or series. */
export const seriesColor = (palette: Palette, i: number): string =>
  [palette.train, palette.validation, palette.test, palette.event][i] ?? classColor(i);

/** Marks of several series in rows, such as the layers of a network from top to bottom; returns the height in pixels. */
export function drawRows(parent: Mark, layout: RowLayout): number {
  const { palette, width, rows, series, axis, ticks, format = formatValue } = layout;
  const items = series.map(({ name }, i) => ({
    label: name,
    sign: (mark: Mark) =>
      void draw(mark, 'path', { d: shapeOf(i), transform: 'translate(14,0)', fill: seriesColor(palette, i) }),
  }));
  const top = drawLegend(parent, items, { width, color: palette.ink }) + 8;
  const values = series.flatMap((one) => one.values).filter(Number.isFinite);
  const [least, most] = layout.domain;
  const low = values.reduce((a, b) => Math.min(a, b), least);
  const high = values.reduce((a, b) => Math.max(a, b), most);
  const widest = Math.max(...rows.map((row) => roomFor(row)));
  const left = Math.min(WIDEST_LABEL, 0.4 * width, widest) + 16;
  const x = scaleLinear([low, high > low ? high : low + 1], [left, width - 14]).nice(5);
  const bottom = top + rows.length * PITCH;
  const count = Math.max(2, (width - left) / 80);
  for (const tick of x.ticks(count)) {
    draw(parent, 'line', { x1: x(tick), x2: x(tick), y1: top, y2: bottom + 4, stroke: palette.grid });
    const place = { x: x(tick), y: bottom + 17, 'text-anchor': 'middle' };
    write(parent, x.tickFormat(count, ticks)(tick), { ...place, 'font-size': 10, fill: palette.muted });
  }
  draw(parent, 'line', { x1: x(0), x2: x(0), y1: top, y2: bottom, stroke: palette.axis });
  rows.forEach((row, r) => {
    const y = top + (r + 0.5) * PITCH;
    const group = draw(parent, 'g');
    const said = series.map(
      (one) => `${one.name} ${Number.isFinite(one.values[r]) ? format(one.values[r]) : '–'}`,
    );
    hint(group, `${row}: ${said.join(', ')}`);
    const line = { x1: left, x2: width - 14, y1: y, y2: y };
    draw(group, 'line', { ...line, stroke: palette.grid, 'stroke-dasharray': '1 3' });
    // Makes the whole row answer to the pointer.
    draw(group, 'rect', {
      x: 0,
      y: y - PITCH / 2,
      width,
      height: PITCH,
      fill: 'none',
      'pointer-events': 'all',
    });
    const place = { x: left - 12, y: y + 4, 'text-anchor': 'end', 'font-size': 11 };
    write(group, fitText(row, left - 16), { ...place, fill: palette.ink });
  });
  series.forEach((one, i) => {
    const color = seriesColor(palette, i);
    const points = one.values.map((value, r) => [x(value), top + (r + 0.5) * PITCH]);
    points.forEach(([at, y], r) => {
      const [before, above] = points[r - 1] ?? [];
      if (!Number.isFinite(at)) return;
      if (Number.isFinite(before))
        draw(parent, 'line', { x1: before, y1: above, x2: at, y2: y, stroke: color, 'stroke-opacity': 0.4 });
    });
    points.forEach(([at, y], r) => {
      if (!Number.isFinite(at)) return;
      const mark = draw(parent, 'path', {
        d: shapeOf(i),
        transform: `translate(${Math.round(at * 1000) / 1000},${y})`,
        fill: color,
      });
      hint(mark, `${rows[r]}, ${one.name}: ${format(one.values[r])}`);
    });
  });
  const label = { x: (left + width) / 2, y: bottom + 35, 'font-size': 11, 'text-anchor': 'middle' };
  write(parent, axis, { ...label, fill: palette.muted });
  return bottom + 40;
}
