import type * as tf from '@tensorflow/tfjs';
import { type ClassActivations, type Images } from '@convlens/core';
import { expectLabels } from './labels.js';
import { observe, type Observer } from './observe.js';
import { expectFilters, expectReduction, type FilterOptions } from './reduction.js';
import { expectSameKind } from './same-kind.js';
import type { ReadOptions } from '../model/subject.js';

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
        async add({ start, count, ...batch }) {
          const answers = await batch.answers(layer, reduction);
          for (let i = 0; i < count; i++) {
            const label = labels[start + i];
            counts[label]++;
            const to = label * chosen.length;
            for (let f = 0; f < chosen.length; f++) sums[to + f] += answers[i * channels + chosen[f]];
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

/** The class means of two parts of a data set as one record; they must be of the same filters and classes. */
export function mergeClassActivations(a: ClassActivations, b: ClassActivations): ClassActivations {
  expectSameKind(
    'class activations of the same filters and classes',
    [a, b],
    ({ layer, reduction, filters, classNames }) =>
      `${layer} by ${reduction} (${filters.join(',')}; ${classNames.join(', ')})`,
  );
  const counts = a.counts.map((count, label) => count + b.counts[label]);
  // A class without images has no mean, which must not spoil the other part's.
  const sumOf = ({ counts, means }: ClassActivations, label: number, i: number) =>
    counts[label] === 0 ? 0 : counts[label] * means[i];
  const means = a.means.map((_, i) => {
    const label = Math.floor(i / a.filters.length);
    return (sumOf(a, label, i) + sumOf(b, label, i)) / counts[label];
  });
  return { ...a, counts, means };
}
