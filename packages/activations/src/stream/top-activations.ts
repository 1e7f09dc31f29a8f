import type * as tf from '@tensorflow/tfjs';
import { expectInteger, type Images, type TopActivation, type TopActivations } from '@convlens/core';
import { observe, type Observer } from './observe.js';
import { locatePeaks } from './peaks.js';
import { mergeRanked, rank } from './ranking.js';
import { expectFilters, expectReduction, type FilterOptions } from './reduction.js';
import { expectSameKind } from './same-kind.js';
import type { ReadOptions } from '../model/subject.js';

export interface TopFilterOptions extends FilterOptions {
  /** How many images to keep for each filter; default 5, an integer >= 1. */
  count?: number;
}

type Found = { -readonly [K in keyof Omit<TopActivation, 'field'>]: TopActivation[K] };

const scoreOf = ({ score }: Pick<TopActivation, 'index' | 'score'>) => score;

/** Keeps the images that filters answer to most. */
export function observeTopActivations({
  layer = 'last-conv',
  filters = 'all',
  count = 5,
  reduction = 'mean',
}: TopFilterOptions = {}): Observer<TopActivations> {
  const limit = expectInteger('count', count, { min: 1 });
  expectReduction(reduction);
  const ranking = { limit, scoreOf };
  return {
    layers: [layer],
    begin({ images, indexOf, ...observed }) {
      const of = observed.layer(layer);
      const { name, channels, fieldOf } = of;
      const kept = expectFilters(filters, of).map((filter) => ({
        filter,
        entries: [] as Found[],
      }));
      return {
        async add(batch) {
          const scores = await batch.answers(layer, reduction);
          const fresh = new Map<Found, number>();
          for (const { filter, entries } of kept)
            for (let i = 0; i < batch.count; i++) {
              const score = scores[i * channels + filter];
              // Nearly all images end here.
              if (entries.length === limit && score < entries[limit - 1].score) continue;
              const position = batch.start + i;
              const label = images.labels && { label: images.labels[position] };
              const entry = { index: indexOf(position), score, ...label, row: 0, column: 0 };
              if (rank(entries, entry, ranking)) fresh.set(entry, i);
            }
          // Places are looked for in the few maps that were kept.
          const sought = kept.flatMap(({ filter, entries }) =>
            entries
              .filter((entry) => fresh.has(entry))
              .map((entry) => ({
                image: fresh.get(entry)!,
                filter,
                found: (row: number, column: number) => void Object.assign(entry, { row, column }),
              })),
          );
          await locatePeaks(batch, { layer, of, sought });
        },
        finish: () => ({
          layer: name,
          reduction,
          limit,
          filters: kept.map(({ filter, entries }) => ({
            filter,
            entries: entries.map((entry) => ({ ...entry, field: fieldOf(entry.row, entry.column) })),
          })),
        }),
      };
    },
  };
}

export interface TopActivationsOptions extends TopFilterOptions, ReadOptions {}

/**
 * For each filter the images it answers to most, where in its map it answers most, and the part of the image that this
 * place sees. Of equal scores the lower index comes first, of equal places the first row by row; NaN is no answer.
 */
export async function topActivations(
  model: tf.LayersModel,
  images: Images,
  { layer, filters, count, reduction, ...options }: TopActivationsOptions = {},
): Promise<TopActivations> {
  const observer = observeTopActivations({ layer, filters, count, reduction });
  const [result] = await observe(model, images, { ...options, observers: [observer] });
  return result;
}

const limitOf = ({ limit, filters }: TopActivations) =>
  limit ?? Math.max(0, ...filters.map(({ entries }) => entries.length));

/** The top images of two parts of a data set as one record, exactly that of the whole; the same layer and filters. */
export function mergeTopActivations(a: TopActivations, b: TopActivations): TopActivations {
  expectSameKind('top activations of the same filters', [a, b], (record) => {
    const filters = record.filters.map(({ filter }) => filter).join(',');
    return `the top ${limitOf(record)} of ${record.layer} by ${record.reduction} (${filters})`;
  });
  const ranking = { limit: limitOf(a), scoreOf };
  return {
    ...a,
    filters: a.filters.map(({ filter, entries }, i) => ({
      filter,
      entries: mergeRanked<TopActivation>(entries, b.filters[i].entries, ranking),
    })),
  };
}
