import type * as tf from '@tensorflow/tfjs';
import {
  expectRecords,
  expectBoolean,
  expectOptions,
  InputError,
  type Images,
  type OptionNames,
  type Reduction,
  type StrongestFilters,
} from '@convlens/core';
import { INFERENCE_OPTIONS, type InferenceOptions } from '../model/inference-options.js';
import { expectReduction } from '../model/reduction.js';
import { expectMergeable } from '../observe/expect-mergeable.js';
import { runObservers } from '../observe/observe.js';
import type { Observer } from '../observe/observer.js';

export interface ObserveStrongestFiltersOptions {
  /** The layer: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
  /** How a feature map becomes one number; default 'mean'. */
  reduction?: Reduction;
  /** Whether to keep an entry per image, so that memory grows with their number; default false. */
  perImage?: boolean;
}

const OBSERVE_STRONGEST_FILTERS_OPTIONS: OptionNames<ObserveStrongestFiltersOptions> = {
  layer: true,
  reduction: true,
  perImage: true,
};

type Entry = NonNullable<StrongestFilters['entries']>[number];

/**
 * The filter of the largest activation, the lowest of equal ones, and the activation; -1 and NaN if all are
 * NaN.
 */
function strongestOf(activations: Float32Array): { filter: number; score: number } {
  let filter = -1;
  for (let f = 0; f < activations.length; f++)
    if (filter < 0 ? !Number.isNaN(activations[f]) : activations[f] > activations[filter]) filter = f;
  return { filter, score: filter < 0 ? NaN : activations[filter] };
}

/** Finds the filter of the largest reduced activation for each image, and counts how often each filter is. */
export function observeStrongestFilters(
  options: ObserveStrongestFiltersOptions = {},
): Observer<StrongestFilters> {
  expectOptions('observeStrongestFilters', options, OBSERVE_STRONGEST_FILTERS_OPTIONS);
  const { layer = 'last-conv', reduction = 'mean', perImage = false } = options;
  expectReduction(reduction);
  expectBoolean('perImage', perImage);
  return {
    layers: [layer],
    begin({ images, indexOf, ...context }) {
      const { name, channels } = context.layer(layer);
      const counts = new Uint32Array(channels);
      const entries: Entry[] = [];
      return {
        async add({ start, count, ...batch }) {
          const reduced = await batch.reduced(layer, reduction);
          for (let i = 0; i < count; i++) {
            const strongest = strongestOf(reduced.subarray(i * channels, (i + 1) * channels));
            if (strongest.filter >= 0) counts[strongest.filter]++;
            if (!perImage) continue;
            const label = images.labels && { label: images.labels[start + i] };
            entries.push({ index: indexOf(start + i), ...label, ...strongest });
          }
        },
        finish: () => ({
          layer: name,
          reduction,
          imageCount: images.count,
          counts,
          ...(perImage && { entries: entries.sort((a, b) => a.index - b.index) }),
        }),
      };
    },
  };
}

export interface StrongestFiltersOptions extends ObserveStrongestFiltersOptions, InferenceOptions {}

const STRONGEST_FILTERS_OPTIONS: OptionNames<StrongestFiltersOptions> = {
  ...INFERENCE_OPTIONS,
  ...OBSERVE_STRONGEST_FILTERS_OPTIONS,
};

/**
 * The number of images for which each filter of a layer has the largest activation and, with `perImage`, the
 * strongest filter of each image. Of equal activations the lower filter is the strongest; an image whose
 * activations are all NaN counts for no filter.
 */
export async function strongestFilters(
  model: tf.LayersModel,
  images: Images,
  options: StrongestFiltersOptions = {},
): Promise<StrongestFilters> {
  expectOptions('strongestFilters', options, STRONGEST_FILTERS_OPTIONS);
  const { layer, reduction, perImage, ...inference } = options;
  const observers = [observeStrongestFilters({ layer, reduction, perImage })] as const;
  const [result] = await runObservers(model, images, { ...inference, observers });
  return result;
}

/**
 * The strongest filters of two parts of an image set as one record.
 *
 * @throws InputError unless they are of the same layer and reduction, and both or neither have entries.
 */
export function mergeStrongestFilters(a: StrongestFilters, b: StrongestFilters): StrongestFilters {
  expectRecords('StrongestFilters', 'records', [a, b]);
  expectMergeable(
    'strongest filters of the same layer',
    [a, b],
    ({ layer, reduction, counts }) => `${layer} by ${reduction} (${counts.length} filters)`,
  );
  if (!a.entries !== !b.entries)
    throw new InputError('Expected entries in both records or in neither, got entries in one');
  const entries =
    a.entries && [...a.entries, ...b.entries!].sort((entry, other) => entry.index - other.index);
  return {
    ...a,
    imageCount: a.imageCount + b.imageCount,
    counts: a.counts.map((count, filter) => count + b.counts[filter]),
    ...(entries && { entries }),
  };
}
