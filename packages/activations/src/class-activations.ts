import type * as tf from '@tensorflow/tfjs';
import { type ClassActivations, type Images } from '@convlens/core';
import { expectLabels } from './labels.js';
import { observe, type Observer } from './observe.js';
import { expectFilters, expectReduction, reduceMaps, type FilterOptions } from './reduction.js';
import type { ReadOptions } from './subject.js';

/** Averages how strongly filters answer, class by class. */
export function observeClassActivations({
  layer = 'last-conv',
  filters = 'all',
  reduction = 'mean',
}: FilterOptions = {}): Observer<ClassActivations> {
  expectReduction(reduction);
  return {
    layers: [layer],
    begin({ images, ...observed }) {
      const { name, channels } = observed.layer(layer);
      const labels = expectLabels(images);
      const chosen = expectFilters(filters, observed.layer(layer));
      const { classNames } = images;
      const counts = classNames.map(() => 0);
      const sums = new Float64Array(classNames.length * chosen.length);
      return {
        async add({ output, start, count }) {
          const answers = await reduceMaps(output(layer), reduction);
          for (let i = 0; i < count; i++) {
            const label = labels[start + i];
            counts[label]++;
            chosen.forEach(
              (filter, f) => (sums[label * chosen.length + f] += answers[i * channels + filter]),
            );
          }
        },
        finish: () => ({
          layer: name,
          reduction,
          classNames,
          counts,
          filters: chosen,
          means: sums.map((sum, i) => sum / counts[Math.floor(i / chosen.length)]),
        }),
      };
    },
  };
}

export interface ClassActivationsOptions extends FilterOptions, ReadOptions {}

/** How strongly filters answer to the images of each class on average; the images must have labels. */
export async function classActivations(
  model: tf.LayersModel,
  images: Images,
  { layer, filters, reduction, ...options }: ClassActivationsOptions = {},
): Promise<ClassActivations> {
  const observer = observeClassActivations({ layer, filters, reduction });
  const [result] = await observe(model, images, { ...options, observers: [observer] });
  return result;
}
