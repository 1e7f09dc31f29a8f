import type * as tf from '@tensorflow/tfjs';
import {
  expectInteger,
  expectOneOf,
  InputError,
  type FilterBank,
  type Images,
  type SimilarFilters,
  type TopActivations,
} from '@convlens/core';
import { findValue } from '../model/find-layer.js';
import { isReluLayer } from '../model/layer-kinds.js';
import { planModel, type Plan, type Step } from '../model/plan.js';
import type { Reduction } from './reduction.js';
import type { ReadOptions } from '../model/subject.js';
import { topActivations } from './top-activations.js';

/** Layers that put out one channel for each that they read. */
const CHANNELWISE = ['BatchNormalization', 'Activation', 'Dropout', 'MaxPooling2D', 'AveragePooling2D'];
const HAVE_KERNELS = ['Conv2D', 'DepthwiseConv2D', 'Dense'];

/** The convolution or dense layer whose kernels make the channels of a layer. */
function kernelsBehind({ steps }: Plan, { name, value }: { name: string; value: number }): Step {
  for (;;) {
    const step = steps.find(({ outputs }) => outputs.includes(value));
    if (step && HAVE_KERNELS.includes(step.layer.getClassName())) return step;
    if (!step || !(CHANNELWISE.includes(step.layer.getClassName()) || isReluLayer(step.layer)))
      throw new InputError(
        `Expected layer to be a convolution or a dense layer, or to follow one, got ${name}, whose channels come from ${step?.name ?? 'the image'}`,
      );
    [value] = step.inputs;
  }
}

/** Each filter's weights, less their mean, divided by their length: the product of two is their correlation. */
function normalizedKernels(values: ArrayLike<number>, filters: number): Float64Array[] {
  const size = values.length / filters;
  return Array.from({ length: filters }, (_, filter) => {
    const own = Float64Array.from({ length: size }, (_, i) => values[i * filters + filter]);
    const mean = own.reduce((sum, value) => sum + value, 0) / size;
    const length = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0));
    return own.map((value) => (value - mean) / length);
  });
}

/** Pearson's correlation of the kernels of all pairs of filters, filters x filters; NaN where a kernel is constant. */
export function kernelCorrelations({
  values,
  filters,
}: Pick<FilterBank, 'values' | 'filters'>): Float64Array {
  const kernels = normalizedKernels(values, filters);
  const product = (a: Float64Array, b: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
    return Math.min(1, Math.max(-1, sum));
  };
  return Float64Array.from({ length: filters * filters }, (_, i) =>
    product(kernels[Math.floor(i / filters)], kernels[i % filters]),
  );
}

/**
 * What share of the top images of either of two filters both have (Jaccard, 1901), filters x filters in the order of the
 * record; NaN where neither has any.
 */
export function topOverlaps({ filters }: TopActivations): Float64Array {
  const sets = filters.map(({ entries }) => new Set(entries.map(({ index }) => index)));
  const overlap = (a: Set<number>, b: Set<number>) => {
    const shared = [...a].filter((index) => b.has(index)).length;
    return shared / (a.size + b.size - shared);
  };
  return Float64Array.from({ length: filters.length ** 2 }, (_, i) =>
    overlap(sets[Math.floor(i / filters.length)], sets[i % filters.length]),
  );
}

export interface SimilarFiltersOptions extends ReadOptions {
  /** A convolution, a dense layer, or a layer that directly follows one; default 'last-conv'. */
  layer?: string;
  /** How many top images of each filter to compare; default 20, an integer >= 1. */
  count?: number;
  /** How many pairs to tell, the most alike; default 20, an integer >= 1. */
  pairs?: number;
  /** What "most alike" means; default 'correlation'. Of equal pairs the lower filters come first. */
  sortBy?: 'correlation' | 'overlap';
  /** How a map becomes one number; default 'mean'. */
  reduction?: Reduction;
}

/**
 * The filters of a layer that are nearly the same: by the correlation of their kernels, and by how many of the images
 * that they answer to most they share. NaN counts as least alike.
 */
export async function similarFilters(
  model: tf.LayersModel,
  images: Images,
  {
    layer = 'last-conv',
    count = 20,
    pairs = 20,
    sortBy = 'correlation',
    reduction,
    ...options
  }: SimilarFiltersOptions = {},
): Promise<SimilarFilters> {
  expectInteger('pairs', pairs, { min: 1 });
  expectOneOf('sortBy', sortBy, ['correlation', 'overlap']);
  const plan = planModel(model);
  const behind = kernelsBehind(plan, { name: layer, value: findValue(plan, layer) });
  const top = await topActivations(model, images, { layer, count, reduction, ...options });
  const filters = top.filters.length;
  const kernel = Float32Array.from(await behind.layer.getWeights()[0].data());
  const correlations = kernelCorrelations({ values: kernel, filters });
  const overlaps = topOverlaps(top);
  const all = Array.from({ length: filters }, (_, a) => a).flatMap((a) =>
    Array.from({ length: filters - a - 1 }, (_, i) => {
      const at = a * filters + a + 1 + i;
      return { filters: [a, a + 1 + i] as const, correlation: correlations[at], overlap: overlaps[at] };
    }),
  );
  const likeness = (pair: (typeof all)[number]) => (pair[sortBy] === pair[sortBy] ? pair[sortBy] : -Infinity);
  const sorted = all.sort((a, b) => (likeness(a) === likeness(b) ? 0 : likeness(b) - likeness(a)));
  return {
    layer: top.layer,
    kernels: behind.name,
    reduction: top.reduction,
    count,
    sortedBy: sortBy,
    pairs: sorted.slice(0, pairs),
  };
}
