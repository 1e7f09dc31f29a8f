import { expectRecord } from '@convlens/core';
import type { TopActivations } from '@convlens/core';
import { pairwise } from './pairwise.js';

const indicesOf = ({ entries }: TopActivations['filters'][number]) =>
  new Set(entries.map(({ index }) => index));

/** The Jaccard index of two sets; NaN if both are empty. */
function jaccard(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const shared = [...a].filter((index) => b.has(index)).length;
  return shared / (a.size + b.size - shared);
}

/**
 * The Jaccard index (Jaccard, 1901) of the top images of all pairs of filters: the number of shared images
 * over the number in either list. filters x filters, in the order of the record; NaN for two empty lists.
 */
export function topOverlaps(record: TopActivations): Float64Array {
  expectRecord('TopActivations', 'record', record);
  return pairwise(record.filters.map(indicesOf), jaccard);
}
