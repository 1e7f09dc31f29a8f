import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { availableWidth, renderFigure, type FigureOptions, type Heading } from '../drawing/figure.js';
import { formatValue } from '../drawing/format.js';
import { fitText, paddedTextWidth } from '../drawing/measure-text.js';
import { extent } from '../drawing/numbers.js';
import type { Raster } from '../drawing/raster.js';
import { append, appendGroup, appendText, appendTooltip, type Mark } from '../drawing/svg.js';
import { AXIS_HEIGHT, renderValueAxis } from './axis.js';
import { renderFramedRaster } from './framed-raster.js';
import { renderLegend, type LegendItem } from './legend.js';

export interface Bar {
  readonly label: string;
  /** NaN: the bar is empty and `text` gives the reason. */
  readonly value: number;
  readonly color: string;
  /** At the end of the bar; default: the value. */
  readonly text?: string;
  readonly textColor?: string;
  readonly bold?: boolean;
  readonly tooltip?: string;
  /** Square images before the label. */
  readonly thumbnails?: readonly Raster[];
}

export interface BarLayout {
  /** The width of labels, bars and their texts in pixels. */
  readonly width: number;
  /** The quantity and its unit. */
  readonly axisLabel: string;
  /** The smallest interval that the axis covers; it always includes zero and all values. */
  readonly domain?: readonly [number, number];
  /** The text of values and ticks; default: three digits, and the format of the scale. */
  readonly format?: (value: number) => string;
  /** Labels and texts for which there is room beside those of the bars, so that the axis is in the same place with other bars. */
  readonly roomFor?: { readonly labels: readonly string[]; readonly text: string };
}

const ROW_HEIGHT = 22;
const BAR_HEIGHT = 16;
const MIN_BAR_WIDTH = 80;
const MAX_LABEL_WIDTH = 185;
const LABEL_GAP = 8;
const THUMBNAIL_SIZE = 18;
const THUMBNAIL_WIDTH = THUMBNAIL_SIZE + 4;

interface BarColumns {
  /** The width of the thumbnails, and that of thumbnails, labels and gap, in pixels. */
  readonly thumbnailsWidth: number;
  readonly labelsWidth: number;
  readonly scale: ScaleLinear<number, number>;
}

const barText = ({ text, value }: Bar, { format = formatValue }: BarLayout) => text ?? format(value);

function layoutBars(bars: readonly Bar[], layout: BarLayout): BarColumns {
  const { width, domain = [0, 0], roomFor = { labels: [], text: '' } } = layout;
  const widestOf = (texts: readonly string[]) =>
    Math.max(...texts.map((text) => paddedTextWidth(text, { bold: true })));
  const { low, high } = extent([0, ...domain, ...bars.map(({ value }) => value)]);
  const widestText = widestOf([roomFor.text, ...bars.map((bar) => barText(bar, layout))]) + 8;
  const widestLabel = widestOf([...roomFor.labels, ...bars.map(({ label }) => label)]);
  const thumbnailsWidth = Math.max(...bars.map(({ thumbnails = [] }) => thumbnails.length)) * THUMBNAIL_WIDTH;
  const labelWidth = Math.min(MAX_LABEL_WIDTH, 0.45 * width - thumbnailsWidth, widestLabel);
  const labelsWidth = thumbnailsWidth + labelWidth + LABEL_GAP;
  // The text of a negative value is to the left of its bar.
  const left = labelsWidth + (low < 0 ? widestText : 0);
  const right = Math.max(left + MIN_BAR_WIDTH, width - widestText);
  return {
    thumbnailsWidth,
    labelsWidth,
    scale: scaleLinear([low, high > low ? high : low + 1], [left, right]),
  };
}

/** Renders a bar in a row whose middle is at `y`. */
function renderBar(parent: Mark, bar: Bar, y: number, layout: BarLayout, columns: BarColumns): void {
  const { label, color, textColor = 'muted', bold, thumbnails = [] } = bar;
  const { thumbnailsWidth, labelsWidth, scale } = columns;
  const text = barText(bar, layout);
  const row = append(parent, 'g');
  appendTooltip(row, bar.tooltip ?? `${label}: ${text}`);
  const thumbnailBox = { y: y - THUMBNAIL_SIZE / 2, width: THUMBNAIL_SIZE, height: THUMBNAIL_SIZE };
  thumbnails.forEach((raster, i) => {
    renderFramedRaster(row, raster, { x: i * THUMBNAIL_WIDTH, ...thumbnailBox });
  });
  const style = { y: y + 4, 'font-size': 11, 'font-weight': bold ? 600 : undefined };
  const labelText = fitText(label, labelsWidth - LABEL_GAP - thumbnailsWidth, { bold });
  appendText(row, labelText, { ...style, x: labelsWidth - LABEL_GAP, 'text-anchor': 'end', fill: 'ink' });
  const value = Number.isFinite(bar.value) ? bar.value : 0;
  const [start, end] = [scale(Math.min(0, value)), scale(Math.max(0, value))];
  const box = { x: start, y: y - BAR_HEIGHT / 2, width: end - start, height: BAR_HEIGHT };
  append(row, 'rect', { ...box, rx: Math.min(2, (end - start) / 2), fill: color });
  const position = value < 0 ? { x: start - 5, 'text-anchor': 'end' } : { x: end + 5 };
  appendText(row, text, { ...style, ...position, fill: textColor });
}

/** Horizontal bars from zero, one per row, with an axis below; returns their height in pixels. */
export function renderBars(parent: Mark, bars: readonly Bar[], layout: BarLayout): number {
  const { axisLabel: label, format } = layout;
  const columns = layoutBars(bars, layout);
  const height = bars.length * ROW_HEIGHT;
  renderValueAxis(parent, { scale: columns.scale, label, format, bottom: height });
  bars.forEach((bar, i) => renderBar(parent, bar, (i + 0.5) * ROW_HEIGHT, layout, columns));
  return height + AXIS_HEIGHT;
}

export interface BarFigure extends Heading, Omit<BarLayout, 'width'> {
  readonly bars: readonly Bar[];
  readonly legend?: readonly LegendItem[];
}

/** A figure of bars below a legend. */
export function renderBarFigure(
  options: FigureOptions,
  { bars, legend = [], ...figure }: BarFigure,
): SVGSVGElement {
  const width = Math.min(figure.width, availableWidth(options));
  return renderFigure(options, { ...figure, width }, (body) => {
    const top = renderLegend(body, legend, { width });
    return top + renderBars(appendGroup(body, { y: top }), bars, { ...figure, width });
  });
}
