import {
  expectRecord,
  expectOptions,
  formatCount,
  formatPercent,
  type StrongestFilters,
} from '@convlens/core';
import { renderBarFigure } from '../../charts/bar-chart.js';
import { formatValue } from '../../drawing/format.js';
import {
  FILTER_RANKING_OPTIONS,
  RANKING_WIDTH,
  topRanked,
  type FilterRankingOptions,
} from './filter-ranking.js';

/**
 * The number of images on which each filter has the highest activation of its layer, most frequent filter
 * first.
 */
export function strongestFilterBars(
  record: StrongestFilters,
  options: FilterRankingOptions = {},
): SVGSVGElement {
  expectOptions('strongestFilterBars', options, FILTER_RANKING_OPTIONS);
  expectRecord('StrongestFilters', 'record', record);
  const { layer, reduction, imageCount, counts } = record;
  const ranking = Array.from(counts, (count, filter) => ({ count, filter }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.filter - b.filter);
  const top = topRanked(ranking, options, `active filter of ${layer}`);
  const never = counts.length - ranking.length;
  return renderBarFigure(options, {
    width: RANKING_WIDTH,
    title: `Strongest filters of ${layer}`,
    subtitle:
      `Highest ${reduction} of the feature map, counted over ${formatCount(imageCount, 'image')}. ` +
      `${never} of ${formatCount(counts.length, 'filter')} are never the strongest.`,
    description:
      `Filter ${top[0].filter} has the highest activation on ` + `${top[0].count} of ${imageCount} images.`,
    axisLabel: 'images',
    bars: top.map(({ filter, count }) => ({
      label: `filter ${filter}`,
      value: count,
      color: 'bar',
      text: `${formatValue(count)} (${formatPercent(count / imageCount, 1)})`,
    })),
  });
}
