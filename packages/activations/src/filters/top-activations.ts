import type * as tf from '@tensorflow/tfjs';
import {
  expectRecords,
  expectInteger,
  expectOptions,
  type Images,
  type OptionNames,
  type TopActivation,
  type TopActivations,
} from '@convlens/core';
import { INFERENCE_OPTIONS, type InferenceOptions } from '../model/inference-options.js';
import { expectReduction } from '../model/reduction.js';
import { expectMergeable } from '../observe/expect-mergeable.js';
import { expectFilters, FILTER_OPTIONS, type FilterOptions } from '../observe/filter-options.js';
import { expectLayerOfImages } from '../observe/observed-layer.js';
import { runObservers } from '../observe/observe.js';
import type { ObservedBatch, Observer } from '../observe/observer.js';
import { insertRanked, mergeRanked } from '../observe/ranking.js';
import { locateMaxima, type MaximumQuery } from './locate-maxima.js';

export interface ObserveTopActivationsOptions extends FilterOptions {
  /** The most images per filter; default 5, an integer >= 1. */
  count?: number;
}

const OBSERVE_TOP_ACTIVATIONS_OPTIONS: OptionNames<ObserveTopActivationsOptions> = {
  ...FILTER_OPTIONS,
  count: true,
};

/** An entry while images are observed. Row and column are set when it is known to be kept. */
type Candidate = { -readonly [K in keyof Omit<TopActivation, 'receptiveField'>]: TopActivation[K] };

interface FilterCandidates {
  readonly filter: number;
  readonly entries: Candidate[];
}

const scoreOf = ({ score }: Pick<TopActivation, 'index' | 'score'>) => score;

/**
 * A query for each inserted entry that is still in the list: later images of the batch may have displaced it.
 */
function maximumQueries(
  { filter, entries }: FilterCandidates,
  inserted: Map<Candidate, number>,
): MaximumQuery[] {
  return entries
    .filter((entry) => inserted.has(entry))
    .map((entry) => ({
      image: inserted.get(entry)!,
      filter,
      onFound: (row, column) => void Object.assign(entry, { row, column }),
    }));
}

/** Keeps the images that filters activate on most. */
export function observeTopActivations(options: ObserveTopActivationsOptions = {}): Observer<TopActivations> {
  expectOptions('observeTopActivations', options, OBSERVE_TOP_ACTIVATIONS_OPTIONS);
  const { layer = 'last-conv', filters = 'all', count = 5, reduction = 'mean' } = options;
  const limit = expectInteger('count', count, { min: 1 });
  expectReduction(reduction);
  const ranking = { limit, scoreOf };
  return {
    layers: [layer],
    begin({ images, indexOf, ...context }) {
      const observedLayer = expectLayerOfImages(context.layer(layer));
      const { name, channels, receptiveFieldOf } = observedLayer;
      const selected = expectFilters(filters, observedLayer);
      const lists = selected.map((filter): FilterCandidates => ({ filter, entries: [] }));
      /** Inserts the images of a batch; returns the position in the batch of each new entry. */
      const insertBatch = (
        { filter, entries }: FilterCandidates,
        batch: ObservedBatch,
        reduced: Float32Array,
      ) => {
        const inserted = new Map<Candidate, number>();
        for (let i = 0; i < batch.count; i++) {
          const score = reduced[i * channels + filter];
          // Most images end here.
          if (entries.length === limit && score < entries[limit - 1].score) continue;
          const position = batch.start + i;
          const label = images.labels && { label: images.labels[position] };
          const entry = { index: indexOf(position), score, ...label, row: 0, column: 0 };
          if (insertRanked(entries, entry, ranking)) inserted.set(entry, i);
        }
        return inserted;
      };
      const add = async (batch: ObservedBatch) => {
        const reduced = await batch.reduced(layer, reduction);
        const queries = lists.flatMap((list) => maximumQueries(list, insertBatch(list, batch, reduced)));
        await locateMaxima(batch, { layer, observedLayer, queries });
      };
      const finish = (): TopActivations => ({
        layer: name,
        reduction,
        limit,
        filters: lists.map(({ filter, entries }) => ({
          filter,
          entries: entries.map((entry) => ({
            ...entry,
            receptiveField: receptiveFieldOf(entry.row, entry.column),
          })),
        })),
      });
      return { add, finish };
    },
  };
}

export interface TopActivationsOptions extends ObserveTopActivationsOptions, InferenceOptions {}

const TOP_ACTIVATIONS_OPTIONS: OptionNames<TopActivationsOptions> = {
  ...INFERENCE_OPTIONS,
  ...OBSERVE_TOP_ACTIVATIONS_OPTIONS,
};

/**
 * The images that each filter activates on most, with the position of the maximum of the feature map and its
 * receptive field. Of equal scores the lower index comes first; of equal maxima the first one, row by row.
 * Images whose score is NaN are left out.
 *
 * @throws InputError if a filter does not exist.
 */
export async function topActivations(
  model: tf.LayersModel,
  images: Images,
  options: TopActivationsOptions = {},
): Promise<TopActivations> {
  expectOptions('topActivations', options, TOP_ACTIVATIONS_OPTIONS);
  const { layer, filters, count, reduction, ...inference } = options;
  const observers = [observeTopActivations({ layer, filters, count, reduction })] as const;
  const [result] = await runObservers(model, images, { ...inference, observers });
  return result;
}

const limitOf = ({ limit, filters }: TopActivations) =>
  limit ?? Math.max(0, ...filters.map(({ entries }) => entries.length));

/**
 * The top activations of two parts of an image set as one record, exactly that of the whole set.
 *
 * @throws InputError unless they are of the same layer, reduction, filters and limit.
 */
export function mergeTopActivations(a: TopActivations, b: TopActivations): TopActivations {
  expectRecords('TopActivations', 'records', [a, b]);
  expectMergeable('top activations of the same filters', [a, b], (record) => {
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
