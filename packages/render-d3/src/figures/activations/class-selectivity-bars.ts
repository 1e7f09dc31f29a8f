import { expectRecord, expectOptions, type ClassSelectivity } from '@convlens/core';
import { renderBarFigure } from '../../charts/bar-chart.js';
import { squareSymbol } from '../../charts/legend.js';
import { classColor } from '../../drawing/class-colors.js';
import { formatValue } from '../../drawing/format.js';
import { className } from '../../drawing/images.js';
import {
  FILTER_RANKING_OPTIONS,
  RANKING_WIDTH,
  topRanked,
  type FilterRankingOptions,
} from './filter-ranking.js';

/**
 * The class selectivity of filters (Morcos et al., 2018), highest first, in the color of the preferred class.
 */
export function classSelectivityBars(
  record: ClassSelectivity,
  options: FilterRankingOptions = {},
): SVGSVGElement {
  expectOptions('classSelectivityBars', options, FILTER_RANKING_OPTIONS);
  expectRecord('ClassSelectivity', 'record', record);
  const { layer, reduction, classNames, filters } = record;
  const ranking = filters
    .filter(({ selectivity }) => Number.isFinite(selectivity))
    .sort((a, b) => b.selectivity - a.selectivity || a.filter - b.filter);
  const top = topRanked(ranking, options, `filter of ${layer} with a selectivity`);
  const nameOf = (classIndex: number) => className(classNames, classIndex);
  const classes = [...new Set(top.map(({ classIndex }) => classIndex))].sort((a, b) => a - b);
  const [{ filter, selectivity, classIndex }] = top;
  return renderBarFigure(options, {
    width: RANKING_WIDTH,
    title: `Class selectivity of ${layer}`,
    subtitle:
      `From the ${reduction} of each feature map. ` +
      '0: equal for all classes; 1: activates on one class only.',
    description:
      `Filter ${filter} is the most selective: ` + `${formatValue(selectivity)}, for ${nameOf(classIndex)}.`,
    axisLabel: 'selectivity index',
    domain: [0, 1],
    legend: classes.map((c) => ({ label: nameOf(c), symbol: squareSymbol(classColor(c)) })),
    bars: top.map((entry) => {
      const name = nameOf(entry.classIndex);
      const means = `${formatValue(entry.mean)} for ${name}, ${formatValue(entry.restMean)} for the others`;
      return {
        label: `#${entry.filter} ${name}`,
        value: entry.selectivity,
        color: classColor(entry.classIndex),
        tooltip: `filter ${entry.filter}: ${means}`,
      };
    }),
  });
}
