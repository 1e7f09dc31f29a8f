import type * as tf from '@tensorflow/tfjs';
import { expectInteger, type Images, type TopActivation, type TopActivations } from '@convlens/core';
import { observe, type Observer } from './observe.js';
import { expectFilters, expectReduction, locatePeaks, reduceMaps, type FilterOptions } from './reduction.js';
import type { ReadOptions } from './subject.js';

export interface TopFilterOptions extends FilterOptions {
  /** How many images to keep for each filter; default 5, an integer >= 1. */
  count?: number;
}

type Found = Omit<TopActivation, 'field'>;

/** Whether `a` comes before `b`: a higher score, or the same and a lower index. */
const precedes = (a: Found, b: Found) => a.score > b.score || (a.score === b.score && a.index < b.index);

function insert(entries: Found[], entry: Found, count: number): void {
  if (entry.score !== entry.score) return;
  let place = entries.length;
  while (place > 0 && precedes(entry, entries[place - 1])) place--;
  if (place >= count) return;
  entries.splice(place, 0, entry);
  if (entries.length > count) entries.pop();
}

/** Keeps the images that filters answer to most. */
export function observeTopActivations({
  layer = 'last-conv',
  filters = 'all',
  count = 5,
  reduction = 'mean',
}: TopFilterOptions = {}): Observer<TopActivations> {
  expectInteger('count', count, { min: 1 });
  expectReduction(reduction);
  return {
    layers: [layer],
    begin({ images, indexOf, ...observed }) {
      const { name, width, channels, fieldOf } = observed.layer(layer);
      const kept = expectFilters(filters, observed.layer(layer)).map((filter) => ({
        filter,
        entries: [] as Found[],
      }));
      return {
        async add(batch) {
          const maps = batch.output(layer);
          const scores = await reduceMaps(maps, reduction);
          const peaks = await locatePeaks(maps);
          for (const { filter, entries } of kept)
            for (let i = 0; i < batch.count; i++) {
              const at = i * channels + filter;
              const [row, column] = [Math.floor(peaks[at] / width), peaks[at] % width];
              const position = batch.start + i;
              const label = images.labels && { label: images.labels[position] };
              insert(entries, { index: indexOf(position), score: scores[at], ...label, row, column }, count);
            }
        },
        finish: () => ({
          layer: name,
          reduction,
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
