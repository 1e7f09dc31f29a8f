import { scaleLinear } from 'd3-scale';
import { formatValue } from './format.js';
import { fitText, roomFor } from './measure.js';
import type { Raster } from './raster.js';
import { draw, hint, write, type Mark } from './svg.js';
import type { Palette } from './theme.js';
import { drawBorder, drawRaster } from './tiles.js';

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
  readonly palette: Palette;
  /** Of labels, bars and the texts at their ends, pixels. */
  readonly width: number;
  /** What the values are, with their unit. */
  readonly axis: string;
  /** Where the axis ends at the least; it always holds zero and all the values. */
  readonly domain?: readonly [number, number];
  /** Of values and ticks; three digits, and ticks as they come. */
  readonly format?: (value: number) => string;
}

export const BAR_PITCH = 22;
const LABEL = 11;
const WIDEST_LABEL = 185;
const PICTURE = 18;

/** Horizontal bars from zero, one a row, with an axis below; returns their height in pixels. */
export function drawBars(parent: Mark, bars: readonly Bar[], layout: BarLayout): number {
  const { palette, width, axis, domain = [0, 0], format } = layout;
  const texts = bars.map(({ text, value }) => text ?? (format ?? formatValue)(value));
  const finite = bars.map(({ value }) => value).filter(Number.isFinite);
  const low = Math.min(0, domain[0], ...finite);
  const high = Math.max(0, domain[1], ...finite);
  const widestText = Math.max(...texts.map((text) => roomFor(text, { bold: true }))) + 8;
  const widestLabel = Math.max(...bars.map(({ label }) => roomFor(label, { bold: true })));
  const indent = Math.max(...bars.map(({ pictures = [] }) => pictures.length)) * (PICTURE + 4);
  const labelWidth = indent + Math.min(WIDEST_LABEL, 0.45 * width - indent, widestLabel) + 8;
  const left = labelWidth + (low < 0 ? widestText : 0);
  const right = Math.max(left + 80, width - widestText);
  const x = scaleLinear([low, high > low ? high : low + 1], [left, right]);
  const height = bars.length * BAR_PITCH;
  const many = Math.max(2, Math.floor((right - left) / 70));
  const tickText = format ?? x.tickFormat(many);
  for (const tick of x.ticks(many)) {
    draw(parent, 'line', { x1: x(tick), x2: x(tick), y1: 0, y2: height + 4, stroke: palette.grid });
    write(parent, tickText(tick), {
      x: x(tick),
      y: height + 17,
      'font-size': 10,
      'text-anchor': 'middle',
      fill: palette.muted,
    });
  }
  bars.forEach((bar, i) => {
    const group = draw(parent, 'g');
    hint(group, bar.hint ?? `${bar.label}: ${texts[i]}`);
    const middle = (i + 0.5) * BAR_PITCH;
    bar.pictures?.forEach((raster, n) => {
      const box = { x: n * (PICTURE + 4), y: middle - PICTURE / 2, width: PICTURE, height: PICTURE };
      drawRaster(group, raster, box);
      drawBorder(group, box, palette.border);
    });
    write(group, fitText(bar.label, labelWidth - 8 - indent, { bold: bar.bold }), {
      x: labelWidth - 8,
      y: middle + 4,
      'font-size': LABEL,
      'text-anchor': 'end',
      'font-weight': bar.bold ? 600 : undefined,
      fill: palette.ink,
    });
    const value = Number.isFinite(bar.value) ? bar.value : 0;
    const ends = [x(Math.min(0, value)), x(Math.max(0, value))];
    draw(group, 'rect', {
      x: ends[0],
      y: middle - 8,
      width: ends[1] - ends[0],
      height: 16,
      rx: Math.min(2, (ends[1] - ends[0]) / 2),
      fill: bar.color,
    });
    write(group, texts[i], {
      x: value < 0 ? ends[0] - 5 : ends[1] + 5,
      y: middle + 4,
      'font-size': LABEL,
      'text-anchor': value < 0 ? 'end' : undefined,
      'font-weight': bar.bold ? 600 : undefined,
      fill: bar.textColor ?? palette.muted,
    });
  });
  draw(parent, 'line', { x1: x(0), x2: x(0), y1: 0, y2: height, stroke: palette.axis });
  write(parent, axis, {
    x: (left + right) / 2,
    y: height + 35,
    'font-size': 11,
    'text-anchor': 'middle',
    fill: palette.muted,
  });
  return height + 40;
}
