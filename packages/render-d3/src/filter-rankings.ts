import type { ClassSelectivity, FilterBank, SimilarFilters, StrongestFilters } from '@convlens/core';
import { drawBarFigure } from './bars.js';
import { expectCount, expectSome } from './checks.js';
import { classColor } from './class-colors.js';
import type { FigureOptions } from './figure.js';
import { countOf, formatShare, formatValue } from './format.js';
import { nameOfClass } from './images.js';
import { kernelRaster } from './kernel-grid.js';
import { squareSign } from './legend.js';

export interface RankingOptions extends FigureOptions {
  /** Bars at most, from 1; 20. */
  readonly count?: number;
}

export interface SimilarFilterBarsOptions extends RankingOptions {
  /** The kernels of the filters: drawn beside them. */
  readonly bank?: FilterBank;
}

const WIDTH = 620;

/** The first of some, as many as were asked for. */
function firstOf<T>(ranked: readonly T[], { count = 20 }: RankingOptions, what: string): readonly T[] {
  const shown = ranked.slice(0, expectCount('count', count));
  expectSome(shown, what);
  return shown;
}

/** To how many images each filter answers more than all others do: the most frequent first. */
export function strongestFilterBars(record: StrongestFilters, options: RankingOptions = {}): SVGSVGElement {
  const { layer, reduction, images, counts } = record;
  const ranked = Array.from(counts, (count, filter) => ({ count, filter }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.filter - b.filter);
  const shown = firstOf(ranked, options, `filter of ${layer} that answers`);
  const never = counts.length - ranked.length;
  return drawBarFigure(options, {
    width: WIDTH,
    title: `Which filter of ${layer} answers most`,
    subtitle: `By the ${reduction} of the map, over ${countOf(images, 'image')}. ${never} of ${countOf(counts.length, 'filter')} are never the strongest.`,
    description: `Filter ${shown[0].filter} answers most to ${shown[0].count} of ${images} images.`,
    axis: 'images',
    bars: shown.map(({ filter, count }) => ({
      label: `filter ${filter}`,
      value: count,
      color: 'bar',
      text: `${formatValue(count)} (${formatShare(count / images)})`,
    })),
  });
}

/** How much filters prefer one class to the others, the most selective first, coloured by that class. */
export function selectivityBars(record: ClassSelectivity, options: RankingOptions = {}): SVGSVGElement {
  const { layer, reduction, classNames, filters } = record;
  const ranked = filters
    .filter(({ selectivity }) => Number.isFinite(selectivity))
    .sort((a, b) => b.selectivity - a.selectivity || a.filter - b.filter);
  const shown = firstOf(ranked, options, `filter of ${layer} with a selectivity`);
  const nameOf = (classIndex: number) => nameOfClass(classNames, classIndex);
  const classes = [...new Set(shown.map(({ classIndex }) => classIndex))].sort((a, b) => a - b);
  return drawBarFigure(options, {
    width: WIDTH,
    title: `Class selectivity of ${layer}`,
    subtitle: `From the ${reduction} of each map: 0, no class stands out; 1, the filter answers to one class alone.`,
    description: `Filter ${shown[0].filter} is the most selective: ${formatValue(shown[0].selectivity)}, for ${nameOf(shown[0].classIndex)}.`,
    axis: 'selectivity index',
    domain: [0, 1],
    legend: classes.map((c) => ({ label: nameOf(c), sign: squareSign(classColor(c)) })),
    bars: shown.map(({ filter, selectivity, classIndex, mean, restMean }) => ({
      label: `#${filter} ${nameOf(classIndex)}`,
      value: selectivity,
      color: classColor(classIndex),
      hint: `filter ${filter}: ${formatValue(mean)} for ${nameOf(classIndex)}, ${formatValue(restMean)} for the others`,
    })),
  });
}

/** The pairs of filters of a layer that are most alike, with their kernels where those are given. */
export function similarFilterBars(
  record: SimilarFilters,
  options: SimilarFilterBarsOptions = {},
): SVGSVGElement {
  const { layer, sortedBy, pairs, count } = record;
  const { bank } = options;
  const shown = firstOf(pairs, options, `pair of ${layer}`);
  const [first] = shown;
  return drawBarFigure(options, {
    width: WIDTH,
    title: `Filters of ${layer} that are alike`,
    subtitle: `Correlation of their kernels (${record.kernels}), and the share of their top ${count} images that both have.`,
    description: `Filters ${first.filters.join(' and ')} are the most alike: correlation ${formatValue(first.correlation)}, ${formatShare(first.overlap)} of their top images.`,
    axis: sortedBy === 'correlation' ? 'correlation of kernels' : 'share of top images',
    domain: [0, 1],
    bars: shown.map(({ filters, correlation, overlap }) => ({
      label: `${filters[0]} and ${filters[1]}`,
      value: sortedBy === 'correlation' ? correlation : overlap,
      color: 'bar',
      text: `${formatValue(correlation)}, ${formatShare(overlap)} shared`,
      pictures: bank && filters.map((filter) => kernelRaster(bank, filter)),
    })),
  });
}
