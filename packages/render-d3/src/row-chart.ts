import { scaleLinear } from 'd3-scale';
import { symbol, symbolCircle, symbolDiamond, symbolSquare, symbolTriangle } from 'd3-shape';
import { AXIS_HEIGHT, drawValueAxis } from './axis.js';
import { drawFigure, roomIn, type FigureOptions, type Heading } from './figure.js';
import { formatValue } from './format.js';
import { drawLegend } from './legend.js';
import { seriesColor } from './class-colors.js';
import { fitText, roomFor } from './measure.js';
import { rangeOf } from './numbers.js';
import { draw, hint, round, rule, write, type Mark } from './svg.js';

/** Numbers of one kind, one a row. */
export interface RowSeries {
  readonly name: string;
  /** NaN: there is none. */
  readonly values: readonly number[];
}

export interface RowFigure extends Omit<Heading, 'width'> {
  readonly rows: readonly string[];
  readonly series: readonly RowSeries[];
  /** What the values are, with their unit. */
  readonly axis: string;
  /** Where the axis ends at the least. */
  readonly domain: readonly [number, number];
  /** Of ticks; as they come. */
  readonly ticks?: (value: number) => string;
  /** Of values; three digits. */
  readonly format?: (value: number) => string;
}

const WIDTH = 620;
const PITCH = 24;
const WIDEST_LABEL = 190;
const SHAPES = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond];

/** Told apart by shape as well as by colour. */
const drawShape = (parent: Mark, i: number, { x, y }: { x: number; y: number }) =>
  draw(parent, 'path', {
    d: symbol(SHAPES[i % SHAPES.length], 60).digits(3)()!,
    transform: `translate(${round(x)},${y})`,
    fill: seriesColor(i),
  });

/** Marks of several series in rows, such as the layers of a network from top to bottom. */
export function drawRowFigure(options: FigureOptions, figure: RowFigure): SVGSVGElement {
  const { rows, series, axis, ticks, format = formatValue } = figure;
  const width = Math.min(WIDTH, roomIn(options));
  return drawFigure(options, { ...figure, width }, (body) => {
    const legend = series.map(({ name }, i) => ({
      label: name,
      sign: (mark: Mark) => void drawShape(mark, i, { x: 14, y: 0 }),
    }));
    const top = drawLegend(body, legend, { width, space: 8 });
    const { low, high } = rangeOf([...figure.domain, ...series.flatMap(({ values }) => values)]);
    const left = Math.min(WIDEST_LABEL, 0.4 * width, Math.max(...rows.map((row) => roomFor(row)))) + 16;
    const x = scaleLinear([low, high > low ? high : low + 1], [left, width - 14]).nice(5);
    const bottom = top + rows.length * PITCH;
    const middle = (row: number) => top + (row + 0.5) * PITCH;
    drawValueAxis(body, { scale: x, label: axis, format: ticks, top, bottom });
    rows.forEach((row, r) => {
      const y = middle(r);
      const line = draw(body, 'g');
      const said = series.map(({ name, values }) => `${name} ${format(values[r])}`);
      hint(line, `${row}: ${said.join(', ')}`);
      rule(line, [left, y, width - 14, y], { stroke: 'grid', 'stroke-dasharray': '1 3' });
      // Makes the whole row answer to the pointer.
      const box = { x: 0, y: y - PITCH / 2, width, height: PITCH };
      draw(line, 'rect', { ...box, fill: 'none', 'pointer-events': 'all' });
      write(line, fitText(row, left - 16), { x: left - 12, y: y + 4, 'text-anchor': 'end', fill: 'ink' });
    });
    series.forEach(({ name, values }, i) => {
      values.forEach((value, r) => {
        if (Number.isFinite(value) && Number.isFinite(values[r - 1]))
          rule(body, [x(values[r - 1]), middle(r - 1), x(value), middle(r)], {
            stroke: seriesColor(i),
            'stroke-opacity': 0.4,
          });
      });
      values.forEach((value, r) => {
        if (Number.isFinite(value))
          hint(drawShape(body, i, { x: x(value), y: middle(r) }), `${rows[r]}, ${name}: ${format(value)}`);
      });
    });
    return bottom + AXIS_HEIGHT;
  });
}
