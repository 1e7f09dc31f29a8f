import type * as tf from '@tensorflow/tfjs';
import {
  expectRecords,
  expectOptions,
  type ClassActivations,
  type Images,
  type OptionNames,
} from '@convlens/core';
import { INFERENCE_OPTIONS, type InferenceOptions } from '../model/inference-options.js';
import { expectReduction } from '../model/reduction.js';
import { expectMergeable } from '../observe/expect-mergeable.js';
import { expectFilters, FILTER_OPTIONS, type FilterOptions } from '../observe/filter-options.js';
import { expectLabels } from '../observe/labels.js';
import { runObservers } from '../observe/observe.js';
import type { Observer } from '../observe/observer.js';

/** Averages the reduced activations of filters, class by class. The images must have labels. */
export function observeClassActivations(options: FilterOptions = {}): Observer<ClassActivations> {
  expectOptions('observeClassActivations', options, FILTER_OPTIONS);
  const { layer = 'last-conv', filters = 'all', reduction = 'mean' } = options;
  expectReduction(reduction);
  return {
    layers: [layer],
    begin(context) {
      const { name, channels } = context.layer(layer);
      const labels = expectLabels(context.images);
      const selected = expectFilters(filters, context.layer(layer));
      const { classNames } = context.images;
      const counts = classNames.map(() => 0);
      const sums = new Float64Array(classNames.length * selected.length);
      return {
        async add({ start, count, ...batch }) {
          const reduced = await batch.reduced(layer, reduction);
          for (let i = 0; i < count; i++) {
            const label = labels[start + i];
            counts[label]++;
            selected.forEach((filter, f) => {
              sums[label * selected.length + f] += reduced[i * channels + filter];
            });
          }
        },
        finish: () => ({
          layer: name,
          reduction,
          classNames,
          counts,
          filters: selected,
          means: sums.map((sum, i) => sum / counts[Math.floor(i / selected.length)]),
        }),
      };
    },
  };
}

export interface ClassActivationsOptions extends FilterOptions, InferenceOptions {}

const CLASS_ACTIVATIONS_OPTIONS: OptionNames<ClassActivationsOptions> = {
  ...INFERENCE_OPTIONS,
  ...FILTER_OPTIONS,
};

/**
 * The mean reduced activation of filters per class.
 *
 * @throws InputError if the images have no labels, or a filter does not exist.
 */
export async function classActivations(
  model: tf.LayersModel,
  images: Images,
  options: ClassActivationsOptions = {},
): Promise<ClassActivations> {
  expectOptions('classActivations', options, CLASS_ACTIVATIONS_OPTIONS);
  const { layer, filters, reduction, ...inference } = options;
  const observers = [observeClassActivations({ layer, filters, reduction })] as const;
  const [result] = await runObservers(model, images, { ...inference, observers });
  return result;
}

/** The summed activation of a class. The mean of a class without images is NaN, but their sum is 0. */
const sumOf = ({ counts, means, filters }: ClassActivations, i: number) => {
  const count = counts[Math.floor(i / filters.length)];
  return count === 0 ? 0 : count * means[i];
};

/**
 * The class means of two parts of an image set as one record.
 *
 * @throws InputError unless they are of the same layer, reduction, filters and classes.
 */
export function mergeClassActivations(a: ClassActivations, b: ClassActivations): ClassActivations {
  expectRecords('ClassActivations', 'records', [a, b]);
  expectMergeable(
    'class activations of the same filters and classes',
    [a, b],
    ({ layer, reduction, filters, classNames }) =>
      `${layer} by ${reduction} (${filters.join(',')}; ${classNames.join(', ')})`,
  );
  const counts = a.counts.map((count, label) => count + b.counts[label]);
  const means = a.means.map((_, i) => (sumOf(a, i) + sumOf(b, i)) / counts[Math.floor(i / a.filters.length)]);
  return { ...a, counts, means };
}
