import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { symbol, symbolCircle, symbolDiamond, symbolSquare, symbolTriangle } from 'd3-shape';
import { availableWidth, renderFigure, type FigureOptions, type Heading } from '../drawing/figure.js';
import { formatValue } from '../drawing/format.js';
import { fitText, paddedTextWidth } from '../drawing/measure-text.js';
import { extent } from '../drawing/numbers.js';
import { seriesColor } from '../drawing/series-style.js';
import { append, appendLine, appendText, appendTooltip, round, type Mark } from '../drawing/svg.js';
import { AXIS_HEIGHT, renderValueAxis } from './axis.js';
import { renderLegend, type LegendItem } from './legend.js';

export interface DotPlotSeries {
  readonly name: string;
  /** One per row; NaN: no value. */
  readonly values: readonly number[];
}

export interface DotPlotFigure extends Omit<Heading, 'width'> {
  readonly rows: readonly string[];
  readonly series: readonly DotPlotSeries[];
  /** The quantity and its unit. */
  readonly axisLabel: string;
  /** The smallest interval that the axis covers. */
  readonly domain: readonly [number, number];
  /** The text of a tick; default: the format of the scale. */
  readonly formatTick?: (value: number) => string;
  /** The text of a value; default: three digits. */
  readonly format?: (value: number) => string;
}

const WIDTH = 620;
const ROW_HEIGHT = 24;
const MAX_LABEL_WIDTH = 190;
const RIGHT_MARGIN = 14;
const SYMBOLS = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond];

/** Series differ in shape as well as in color. */
const renderSymbol = (parent: Mark, series: number, { x, y }: { x: number; y: number }) =>
  append(parent, 'path', {
    d: symbol(SYMBOLS[series % SYMBOLS.length], 60).digits(3)()!,
    transform: `translate(${round(x)},${y})`,
    fill: seriesColor(series),
  });

const legendSymbol =
  (series: number): LegendItem['symbol'] =>
  (parent) =>
    void renderSymbol(parent, series, { x: 14, y: 0 });

interface DotPlotScales {
  readonly x: ScaleLinear<number, number>;
  /** The middle of a row. */
  readonly y: (row: number) => number;
}

function renderRow(parent: Mark, figure: DotPlotFigure, row: number, { x, y }: DotPlotScales): void {
  const { series, format = formatValue } = figure;
  const [left, right] = x.range();
  const name = figure.rows[row];
  const mark = append(parent, 'g');
  const values = series.map((item) => `${item.name} ${format(item.values[row])}`);
  appendTooltip(mark, `${name}: ${values.join(', ')}`);
  appendLine(mark, [left, y(row), right, y(row)], { stroke: 'grid', 'stroke-dasharray': '1 3' });
  // An invisible rectangle makes the whole row respond to the pointer.
  const box = { x: 0, y: y(row) - ROW_HEIGHT / 2, width: right + RIGHT_MARGIN, height: ROW_HEIGHT };
  append(mark, 'rect', { ...box, fill: 'none', 'pointer-events': 'all' });
  const label = { x: left - 12, y: y(row) + 4, 'text-anchor': 'end', fill: 'ink' };
  appendText(mark, fitText(name, left - 16), label);
}

/** Renders the symbols of a series and the lines between those of neighboring rows. */
function renderSeries(parent: Mark, figure: DotPlotFigure, i: number, { x, y }: DotPlotScales): void {
  const { rows, format = formatValue } = figure;
  const { name, values } = figure.series[i];
  values.forEach((value, row) => {
    if (Number.isFinite(value) && Number.isFinite(values[row - 1]))
      appendLine(parent, [x(values[row - 1]), y(row - 1), x(value), y(row)], {
        stroke: seriesColor(i),
        'stroke-opacity': 0.4,
      });
  });
  values.forEach((value, row) => {
    if (!Number.isFinite(value)) return;
    const mark = renderSymbol(parent, i, { x: x(value), y: y(row) });
    appendTooltip(mark, `${rows[row]}, ${name}: ${format(value)}`);
  });
}

/** A dot plot (Cleveland): one row per name, such as the layers of a model, one symbol per series. */
export function renderDotPlotFigure(options: FigureOptions, figure: DotPlotFigure): SVGSVGElement {
  const { rows, series, axisLabel: label, formatTick } = figure;
  const width = Math.min(WIDTH, availableWidth(options));
  return renderFigure(options, { ...figure, width }, (body) => {
    const legend = series.map(({ name }, i) => ({ label: name, symbol: legendSymbol(i) }));
    const top = renderLegend(body, legend, { width, space: 8 });
    const { low, high } = extent([...figure.domain, ...series.flatMap(({ values }) => values)]);
    const widestLabel = Math.max(...rows.map((row) => paddedTextWidth(row)));
    const left = Math.min(MAX_LABEL_WIDTH, 0.4 * width, widestLabel) + 16;
    const x = scaleLinear([low, high > low ? high : low + 1], [left, width - RIGHT_MARGIN]).nice(5);
    const scales = { x, y: (row: number) => top + (row + 0.5) * ROW_HEIGHT };
    const bottom = top + rows.length * ROW_HEIGHT;
    renderValueAxis(body, { scale: x, label, format: formatTick, top, bottom });
    rows.forEach((_, row) => renderRow(body, figure, row, scales));
    series.forEach((_, i) => renderSeries(body, figure, i, scales));
    return bottom + AXIS_HEIGHT;
  });
}
