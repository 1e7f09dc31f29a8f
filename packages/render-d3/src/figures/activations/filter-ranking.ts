import type { OptionNames } from '@convlens/core';
import { FIGURE_OPTIONS, type FigureOptions } from '../../drawing/figure.js';
import { expectCount, expectNonEmpty } from '../../drawing/guards.js';

/** The options of figures that rank filters. */
export interface FilterRankingOptions extends FigureOptions {
  /** The largest number of bars, >= 1; default 20. */
  readonly count?: number;
}

export const FILTER_RANKING_OPTIONS: OptionNames<FilterRankingOptions> = { ...FIGURE_OPTIONS, count: true };

/** The width of a ranking in pixels. */
export const RANKING_WIDTH = 620;

/** The first `count` of a ranking. Throws an InputError if there is none. */
export function topRanked<T>(
  ranking: readonly T[],
  { count = 20 }: FilterRankingOptions,
  noun: string,
): readonly T[] {
  const top = ranking.slice(0, expectCount('count', count));
  expectNonEmpty(top, noun);
  return top;
}
