import type * as tf from '@tensorflow/tfjs';
import { InputError, type Images, type StrongestFilters } from '@convlens/core';
import { observe, type Observer } from './observe.js';
import { expectReduction, type FilterOptions } from './reduction.js';
import { expectSameKind } from './same-kind.js';
import type { ReadOptions } from '../model/subject.js';

export interface StrongestFilterOptions extends Omit<FilterOptions, 'filters'> {
  /** Whether to tell the filter of each image too, in memory that grows with the images; default false. */
  perImage?: boolean;
}

type Entry = NonNullable<StrongestFilters['entries']>[number];

/** Finds the filter that answers most to each image, and counts. */
export function observeStrongestFilters({
  layer = 'last-conv',
  reduction = 'mean',
  perImage = false,
}: StrongestFilterOptions = {}): Observer<StrongestFilters> {
  expectReduction(reduction);
  return {
    layers: [layer],
    begin({ images, indexOf, ...observed }) {
      const { name, channels } = observed.layer(layer);
      const counts = new Uint32Array(channels);
      const entries: Entry[] = [];
      return {
        async add({ start, count, ...batch }) {
          const answers = await batch.answers(layer, reduction);
          for (let i = 0; i < count; i++) {
            let [filter, score] = [-1, NaN];
            for (let c = 0; c < channels; c++) {
              const answer = answers[i * channels + c];
              if (answer > score || (filter < 0 && answer === answer)) [filter, score] = [c, answer];
            }
            if (filter >= 0) counts[filter]++;
            if (!perImage) continue;
            const label = images.labels && { label: images.labels[start + i] };
            entries.push({ index: indexOf(start + i), ...label, filter, score });
          }
        },
        finish: () => ({
          layer: name,
          reduction,
          images: images.count,
          counts,
          ...(perImage && { entries: entries.sort((a, b) => a.index - b.index) }),
        }),
      };
    },
  };
}

export interface StrongestFiltersOptions extends StrongestFilterOptions, ReadOptions {}

/**
 * Which filter of a layer answers most to each image (with `perImage`), and to how many images each does. Of equal
 * answers the lower filter is the strongest; an image whose answers are all NaN is counted for none.
 */
export async function strongestFilters(
  model: tf.LayersModel,
  images: Images,
  { layer, reduction, perImage, ...options }: StrongestFiltersOptions = {},
): Promise<StrongestFilters> {
  const observer = observeStrongestFilters({ layer, reduction, perImage });
  const [result] = await observe(model, images, { ...options, observers: [observer] });
  return result;
}

/** The strongest filters of two parts of a data set as one record; they must be of the same layer. */
export function mergeStrongestFilters(a: StrongestFilters, b: StrongestFilters): StrongestFilters {
  expectSameKind(
    'strongest filters of the same layer',
    [a, b],
    ({ layer, reduction, counts }) => `${layer} by ${reduction} (${counts.length} filters)`,
  );
  if (!a.entries !== !b.entries)
    throw new InputError('Expected entries for each image in both records or in none, got them in one');
  const entries = a.entries && [...a.entries, ...b.entries!].sort((one, other) => one.index - other.index);
  return {
    ...a,
    images: a.images + b.images,
    counts: a.counts.map((count, filter) => count + b.counts[filter]),
    ...(entries && { entries }),
  };
}
