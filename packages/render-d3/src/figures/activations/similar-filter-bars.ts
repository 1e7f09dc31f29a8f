import {
  expectRecord,
  expectOptions,
  formatPercent,
  type FilterBank,
  type OptionNames,
  type SimilarFilters,
} from '@convlens/core';
import { renderBarFigure } from '../../charts/bar-chart.js';
import { formatValue } from '../../drawing/format.js';
import { kernelRaster } from '../model/kernel-grid.js';
import {
  FILTER_RANKING_OPTIONS,
  RANKING_WIDTH,
  topRanked,
  type FilterRankingOptions,
} from './filter-ranking.js';

export interface SimilarFilterBarsOptions extends FilterRankingOptions {
  /** The kernels of the filters, shown beside each pair; default: none. */
  readonly bank?: FilterBank;
}

const SIMILAR_FILTER_BARS_OPTIONS: OptionNames<SimilarFilterBarsOptions> = {
  ...FILTER_RANKING_OPTIONS,
  bank: true,
};

/** The most similar pairs of filters of a layer: near-duplicates. */
export function similarFilterBars(
  record: SimilarFilters,
  options: SimilarFilterBarsOptions = {},
): SVGSVGElement {
  expectOptions('similarFilterBars', options, SIMILAR_FILTER_BARS_OPTIONS);
  expectRecord('SimilarFilters', 'record', record);
  const { layer, kernelLayer, sortedBy, pairs, topCount } = record;
  const { bank } = options;
  const top = topRanked(pairs, options, `pair of ${layer}`);
  const [first] = top;
  return renderBarFigure(options, {
    width: RANKING_WIDTH,
    title: `Similar filters of ${layer}`,
    subtitle:
      `Correlation of their kernels (${kernelLayer}) and ` +
      `overlap (Jaccard) of their top ${topCount} images.`,
    description:
      `Filters ${first.filters.join(' and ')} are the most similar: ` +
      `correlation ${formatValue(first.correlation)}, overlap ${formatPercent(first.overlap, 1)}.`,
    axisLabel: sortedBy === 'correlation' ? 'correlation of kernels' : 'overlap of top images',
    domain: [0, 1],
    bars: top.map(({ filters, correlation, overlap }) => ({
      label: `${filters[0]} and ${filters[1]}`,
      value: sortedBy === 'correlation' ? correlation : overlap,
      color: 'bar',
      text: `${formatValue(correlation)}, ${formatPercent(overlap, 1)} overlap`,
      thumbnails: bank && filters.map((filter) => kernelRaster(bank, filter)),
    })),
  });
}
