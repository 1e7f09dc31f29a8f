import {
  expectInteger,
  InputError,
  type ClassSelectivity,
  type FilterBank,
  type SimilarFilters,
  type StrongestFilters,
} from '@convlens/core';
import { drawBars, type Bar, type BarLayout } from './bars.js';
import { classColor } from './class-colors.js';
import { openFigure, roomIn, type FigureOptions, type Heading } from './figure.js';
import { countOf, formatShare, formatValue } from './format.js';
import { nameOfClass } from './images.js';
import { kernelRaster } from './kernel-grid.js';
import { drawLegend, squareSign, type LegendItem } from './legend.js';
import { draw } from './svg.js';
import type { Palette } from './theme.js';

export interface RankingOptions extends FigureOptions {
  /** Bars at most, from 1; 20. */
  readonly count?: number;
}

export interface SimilarFilterBarsOptions extends RankingOptions {
  /** The kernels of the filters: drawn beside them. */
  readonly bank?: FilterBank;
}

interface Ranking extends Omit<Heading, 'width'>, Pick<BarLayout, 'axis' | 'domain' | 'format'> {
  readonly legend?: readonly LegendItem[];
  readonly bars: (palette: Palette) => readonly Bar[];
}

const WIDTH = 620;

function expectCount({ count = 20 }: RankingOptions): number {
  return expectInteger('count', count, { min: 1 });
}

function drawRanking({ bars, legend = [], ...heading }: Ranking, options: FigureOptions): SVGSVGElement {
  const width = Math.min(WIDTH, roomIn(options));
  const { body, palette, close } = openFigure(options, { ...heading, width });
  const top = drawLegend(body, legend, { width, color: palette.ink }) + (legend.length ? 10 : 0);
  const chart = draw(body, 'g', { transform: `translate(0,${top})` });
  return close(top + drawBars(chart, bars(palette), { ...heading, palette, width }));
}

/** To how many images each filter answers more than all others do: the most frequent first. */
export function strongestFilterBars(record: StrongestFilters, options: RankingOptions = {}): SVGSVGElement {
  const { layer, reduction, images, counts } = record;
  const ranked = Array.from(counts, (count, filter) => ({ count, filter }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.filter - b.filter);
  const shown = ranked.slice(0, expectCount(options));
  if (!shown.length) throw new InputError(`Expected counts of ${layer} above 0, got none`);
  const never = counts.length - ranked.length;
  return drawRanking(
    {
      title: `Which filter of ${layer} answers most`,
      subtitle: `By the ${reduction} of the map, over ${countOf(images, 'image')}. ${never} of ${countOf(counts.length, 'filter')} are never the strongest.`,
      description: `Filter ${shown[0].filter} answers most to ${shown[0].count} of ${images} images.`,
      axis: 'images',
      bars: (palette) =>
        shown.map(({ filter, count }) => ({
          label: `filter ${filter}`,
          value: count,
          color: palette.bar,
          text: `${formatValue(count)} (${formatShare(count / images)})`,
        })),
    },
    options,
  );
}

/** How much filters prefer one class to the others, the most selective first, coloured by that class. */
export function selectivityBars(record: ClassSelectivity, options: RankingOptions = {}): SVGSVGElement {
  const { layer, reduction, classNames, filters } = record;
  const shown = filters
    .filter(({ selectivity }) => Number.isFinite(selectivity))
    .sort((a, b) => b.selectivity - a.selectivity || a.filter - b.filter)
    .slice(0, expectCount(options));
  if (!shown.length) throw new InputError(`Expected filters of ${layer} with a selectivity, got none`);
  const nameOf = (classIndex: number) => nameOfClass(classNames, classIndex);
  const classes = [...new Set(shown.map(({ classIndex }) => classIndex))].sort((a, b) => a - b);
  return drawRanking(
    {
      title: `Class selectivity of ${layer}`,
      subtitle: `From the ${reduction} of each map: 0, no class stands out; 1, the filter answers to one class alone.`,
      description: `Filter ${shown[0].filter} is the most selective: ${formatValue(shown[0].selectivity)}, for ${nameOf(shown[0].classIndex)}.`,
      axis: 'selectivity index',
      domain: [0, 1],
      legend: classes.map((c) => ({ label: nameOf(c), sign: squareSign(classColor(c)) })),
      bars: () =>
        shown.map(({ filter, selectivity, classIndex, mean, restMean }) => ({
          label: `#${filter} ${nameOf(classIndex)}`,
          value: selectivity,
          color: classColor(classIndex),
          hint: `filter ${filter}: ${formatValue(mean)} for ${nameOf(classIndex)}, ${formatValue(restMean)} for the others`,
        })),
    },
    options,
  );
}

/** The pairs of filters of a layer that are most alike, with their kernels where those are given. */
export function similarFilterBars(
  record: SimilarFilters,
  options: SimilarFilterBarsOptions = {},
): SVGSVGElement {
  const { layer, sortedBy, pairs, count } = record;
  const { bank } = options;
  const shown = pairs.slice(0, expectCount(options));
  if (!shown.length) throw new InputError(`Expected pairs of ${layer}, got none`);
  const share = (overlap: number) => (Number.isFinite(overlap) ? formatShare(overlap) : '–');
  const [first] = shown;
  return drawRanking(
    {
      title: `Filters of ${layer} that are alike`,
      subtitle: `Correlation of their kernels (${record.kernels}), and the share of their top ${count} images that both have.`,
      description: `Filters ${first.filters.join(' and ')} are the most alike: correlation ${formatValue(first.correlation)}, ${share(first.overlap)} of their top images.`,
      axis: sortedBy === 'correlation' ? 'correlation of kernels' : 'share of top images',
      domain: [0, 1],
      bars: (palette) =>
        shown.map(({ filters, correlation, overlap }) => ({
          label: `${filters[0]} and ${filters[1]}`,
          value: sortedBy === 'correlation' ? correlation : overlap,
          color: palette.bar,
          text: `${formatValue(correlation)}, ${share(overlap)} shared`,
          pictures: bank && filters.map((filter) => kernelRaster(bank, filter)),
        })),
    },
    options,
  );
}
