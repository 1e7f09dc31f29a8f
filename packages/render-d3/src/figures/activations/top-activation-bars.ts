import {
  expectRecord,
  expectOptions,
  formatCount,
  type OptionNames,
  type TopActivations,
} from '@convlens/core';
import { renderBarFigure } from '../../charts/bar-chart.js';
import { squareSymbol } from '../../charts/legend.js';
import { classColor } from '../../drawing/class-colors.js';
import { FIGURE_OPTIONS, type FigureOptions } from '../../drawing/figure.js';
import { formatValue } from '../../drawing/format.js';
import { expectCount, expectNonEmpty } from '../../drawing/guards.js';
import { className } from '../../drawing/images.js';
import { fitText } from '../../drawing/measure-text.js';
import { selectFilters } from '../../drawing/select-filters.js';

export interface TopActivationBarsOptions extends FigureOptions {
  /** Default: the first filter of the record. */
  readonly filter?: number;
  /** By class index; default: "class 3". */
  readonly classNames?: readonly string[];
  /** The largest number of images, >= 1; default 20. */
  readonly count?: number;
}

const TOP_ACTIVATION_BARS_OPTIONS: OptionNames<TopActivationBarsOptions> = {
  ...FIGURE_OPTIONS,
  filter: true,
  classNames: true,
  count: true,
};

const MAX_CLASS_NAME_WIDTH = 120;

type Label = number | undefined;

/** The number of images of each class, most frequent class first. */
function countLabels(labels: readonly Label[]): [label: Label, count: number][] {
  const counts = new Map<Label, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort(([a = Infinity, m], [b = Infinity, n]) => n - m || a - b);
}

/** The scores of the top activations of a filter, colored by class and counted per class in the legend. */
export function topActivationBars(
  record: TopActivations,
  options: TopActivationBarsOptions = {},
): SVGSVGElement {
  expectOptions('topActivationBars', options, TOP_ACTIVATION_BARS_OPTIONS);
  expectRecord('TopActivations', 'record', record);
  const { classNames = [] } = options;
  const count = expectCount('count', options.count ?? 20);
  const { layer, reduction } = record;
  const available = record.filters.map(({ filter }) => filter);
  const [filter] = selectFilters({ name: 'filter', selected: options.filter, available, limit: 1 });
  const entries = record.filters.find((candidate) => candidate.filter === filter)!.entries.slice(0, count);
  expectNonEmpty(entries, `entry of filter ${filter}`);
  const classes = countLabels(entries.map(({ label }) => label));
  const nameOf = (label: Label) => (label === undefined ? 'no class' : className(classNames, label));
  const colorOf = (label: Label) => (label === undefined ? 'axis' : classColor(label));
  const [highest, lowest] = [entries[0].score, entries.at(-1)!.score].map(formatValue);
  return renderBarFigure(options, {
    title: `Top ${formatCount(entries.length, 'image')} of ${layer}, filter ${filter}`,
    subtitle: `Ranked by the ${reduction} of the feature map. In the legend: the number of images per class.`,
    description:
      `Scores from ${highest} to ${lowest}. ` +
      `By class: ${classes.map(([label, images]) => `${nameOf(label)} ${images}`).join(', ')}.`,
    width: 620,
    axisLabel: `${reduction} activation`,
    legend: classes.map(([label, images]) => ({
      label: nameOf(label),
      value: ` (${images})`,
      symbol: squareSymbol(colorOf(label)),
    })),
    bars: entries.map(({ index, score, label }) => ({
      label: `${fitText(nameOf(label), MAX_CLASS_NAME_WIDTH)} #${index}`,
      value: score,
      color: colorOf(label),
      tooltip: `#${index} ${nameOf(label)}: ${formatValue(score)}`,
    })),
  });
}
