import { expectInteger, InputError, type TopActivations } from '@convlens/core';
import { drawBars, type Bar } from './bars.js';
import { classColor } from './class-colors.js';
import { openFigure, roomIn, type FigureOptions } from './figure.js';
import { countOf, formatValue } from './format.js';
import { nameOfClass } from './images.js';
import { fitText } from './measure.js';
import { drawLegend, squareSign } from './legend.js';
import { selectFilters } from './select-filters.js';
import { draw } from './svg.js';

export interface TopActivationBarsOptions extends FigureOptions {
  /** The first that the record holds. */
  readonly filter?: number;
  /** Names by class index; "class 3" where there is none. */
  readonly classNames?: readonly string[];
  /** Images at most, from 1; 20. */
  readonly count?: number;
}

/** The scores of the images that a filter answers to most, coloured by class, with the number of images of each. */
export function topActivationBars(
  top: TopActivations,
  options: TopActivationBarsOptions = {},
): SVGSVGElement {
  const { classNames = [], count = 20 } = options;
  expectInteger('count', count, { min: 1 });
  const available = top.filters.map(({ filter }) => filter);
  const [filter] = selectFilters(options.filter, { available, fallback: available.slice(0, 1) });
  const entries = top.filters.find((candidate) => candidate.filter === filter)!.entries.slice(0, count);
  if (!entries.length) throw new InputError(`Expected entries of filter ${filter}, got none`);
  const counts = new Map<number | undefined, number>();
  for (const { label } of entries) counts.set(label, (counts.get(label) ?? 0) + 1);
  const classes = [...counts].sort(([a = Infinity, m], [b = Infinity, n]) => n - m || a - b);
  const nameOf = (label?: number) => (label === undefined ? 'no class' : nameOfClass(classNames, label));
  const width = Math.min(620, roomIn(options));
  const { body, palette, close } = openFigure(options, {
    title: `Top ${countOf(entries.length, 'image')} of ${top.layer}, filter ${filter}`,
    subtitle: `Ranked by the ${top.reduction} of the map. In the legend: how many of them are of each class.`,
    description:
      `Scores from ${formatValue(entries[0].score)} to ${formatValue(entries.at(-1)!.score)}. ` +
      `By class: ${classes.map(([label, n]) => `${nameOf(label)} ${n}`).join(', ')}.`,
    width,
  });
  const colorOf = (label?: number) => (label === undefined ? palette.axis : classColor(label));
  const legend = classes.map(([label, n]) => ({
    label: `${fitText(nameOf(label), 240)} (${n})`,
    sign: squareSign(colorOf(label)),
  }));
  const top0 = drawLegend(body, legend, { width, color: palette.ink }) + 10;
  const bars = entries.map(({ index, score, label }): Bar => ({
    label: `${fitText(nameOf(label), 120)} #${index}`,
    value: score,
    color: colorOf(label),
    hint: `#${index} ${nameOf(label)}: ${formatValue(score)}`,
  }));
  const chart = draw(body, 'g', { transform: `translate(0,${top0})` });
  return close(top0 + drawBars(chart, bars, { palette, width, axis: `${top.reduction} activation` }));
}
