import { scaleLinear } from 'd3-scale';
import { AXIS_HEIGHT, drawValueAxis } from './axis.js';
import { drawFigure, roomIn, type FigureOptions, type Heading } from './figure.js';
import { formatValue } from './format.js';
import { drawLegend, type LegendItem } from './legend.js';
import { fitText, roomFor } from './measure.js';
import { rangeOf } from './numbers.js';
import type { Raster } from './raster.js';
import { draw, group, hint, write, type Mark } from './svg.js';
import { drawPicture } from './tiles.js';

export interface Bar {
  readonly label: string;
  /** NaN: there is nothing to draw, and `text` says why. */
  readonly value: number;
  readonly color: string;
  /** At the end of the bar; the value. */
  readonly text?: string;
  readonly textColor?: string;
  readonly bold?: boolean;
  readonly hint?: string;
  /** Drawn before the label, each as a square. */
  readonly pictures?: readonly Raster[];
}

export interface BarLayout {
  /** Of labels, bars and the texts at their ends, pixels. */
  readonly width: number;
  /** What the values are, with their unit. */
  readonly axis: string;
  /** Where the axis ends at the least; it always holds zero and all the values. */
  readonly domain?: readonly [number, number];
  /** Of values and ticks; three digits, and ticks as they come. */
  readonly format?: (value: number) => string;
}

const PITCH = 22;
const WIDEST_LABEL = 185;
const PICTURE = 18;

/** Horizontal bars from zero, one a row, with an axis below; returns their height in pixels. */
export function drawBars(parent: Mark, bars: readonly Bar[], layout: BarLayout): number {
  const { width, axis, domain = [0, 0], format } = layout;
  const texts = bars.map(({ text, value }) => text ?? (format ?? formatValue)(value));
  const { low, high } = rangeOf([0, ...domain, ...bars.map(({ value }) => value)]);
  const widestText = Math.max(...texts.map((text) => roomFor(text, { bold: true }))) + 8;
  const widestLabel = Math.max(...bars.map(({ label }) => roomFor(label, { bold: true })));
  const indent = Math.max(...bars.map(({ pictures = [] }) => pictures.length)) * (PICTURE + 4);
  const labelWidth = indent + Math.min(WIDEST_LABEL, 0.45 * width - indent, widestLabel) + 8;
  const left = labelWidth + (low < 0 ? widestText : 0);
  const right = Math.max(left + 80, width - widestText);
  const x = scaleLinear([low, high > low ? high : low + 1], [left, right]);
  const height = bars.length * PITCH;
  drawValueAxis(parent, { scale: x, label: axis, format, bottom: height });
  bars.forEach((bar, i) => {
    const row = draw(parent, 'g');
    hint(row, bar.hint ?? `${bar.label}: ${texts[i]}`);
    const middle = (i + 0.5) * PITCH;
    bar.pictures?.forEach((raster, n) =>
      drawPicture(row, raster, {
        x: n * (PICTURE + 4),
        y: middle - PICTURE / 2,
        width: PICTURE,
        height: PICTURE,
      }),
    );
    const style = { y: middle + 4, 'font-size': 11, 'font-weight': bar.bold ? 600 : undefined };
    const label = fitText(bar.label, labelWidth - 8 - indent, { bold: bar.bold });
    write(row, label, { ...style, x: labelWidth - 8, 'text-anchor': 'end', fill: 'ink' });
    const value = Number.isFinite(bar.value) ? bar.value : 0;
    const [start, end] = [x(Math.min(0, value)), x(Math.max(0, value))];
    const box = { x: start, y: middle - 8, width: end - start, height: 16 };
    draw(row, 'rect', { ...box, rx: Math.min(2, (end - start) / 2), fill: bar.color });
    const place = value < 0 ? { x: start - 5, 'text-anchor': 'end' } : { x: end + 5 };
    write(row, texts[i], { ...style, ...place, fill: bar.textColor ?? 'muted' });
  });
  return height + AXIS_HEIGHT;
}

export interface BarFigure extends Heading, Omit<BarLayout, 'width'> {
  readonly bars: readonly Bar[];
  readonly legend?: readonly LegendItem[];
}

/** A figure of bars under a legend. */
export function drawBarFigure(
  options: FigureOptions,
  { bars, legend = [], ...figure }: BarFigure,
): SVGSVGElement {
  const width = Math.min(figure.width, roomIn(options));
  return drawFigure(options, { ...figure, width }, (body) => {
    const top = drawLegend(body, legend, { width });
    return top + drawBars(group(body, { y: top }), bars, { ...figure, width });
  });
}
