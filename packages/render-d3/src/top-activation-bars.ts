import type { TopActivations } from '@convlens/core';
import { drawBarFigure } from './bars.js';
import { expectCount, expectSome } from './checks.js';
import { classColor } from './class-colors.js';
import type { FigureOptions } from './figure.js';
import { countOf, formatValue } from './format.js';
import { nameOfClass } from './images.js';
import { fitText } from './measure.js';
import { squareSign } from './legend.js';
import { selectFilters } from './select-filters.js';

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
  const { classNames = [] } = options;
  const count = expectCount('count', options.count ?? 20);
  const available = top.filters.map(({ filter }) => filter);
  const [filter] = selectFilters(options.filter, available, 1);
  const entries = top.filters.find((candidate) => candidate.filter === filter)!.entries.slice(0, count);
  expectSome(entries, `entry of filter ${filter}`);
  const counts = new Map<number | undefined, number>();
  for (const { label } of entries) counts.set(label, (counts.get(label) ?? 0) + 1);
  const classes = [...counts].sort(([a = Infinity, m], [b = Infinity, n]) => n - m || a - b);
  const nameOf = (label?: number) => (label === undefined ? 'no class' : nameOfClass(classNames, label));
  const colorOf = (label?: number) => (label === undefined ? 'axis' : classColor(label));
  return drawBarFigure(options, {
    title: `Top ${countOf(entries.length, 'image')} of ${top.layer}, filter ${filter}`,
    subtitle: `Ranked by the ${top.reduction} of the map. In the legend: how many of them are of each class.`,
    description:
      `Scores from ${formatValue(entries[0].score)} to ${formatValue(entries.at(-1)!.score)}. ` +
      `By class: ${classes.map(([label, n]) => `${nameOf(label)} ${n}`).join(', ')}.`,
    width: 620,
    axis: `${top.reduction} activation`,
    legend: classes.map(([label, n]) => ({
      label: nameOf(label),
      value: ` (${n})`,
      sign: squareSign(colorOf(label)),
    })),
    bars: entries.map(({ index, score, label }) => ({
      label: `${fitText(nameOf(label), 120)} #${index}`,
      value: score,
      color: colorOf(label),
      hint: `#${index} ${nameOf(label)}: ${formatValue(score)}`,
    })),
  });
}
