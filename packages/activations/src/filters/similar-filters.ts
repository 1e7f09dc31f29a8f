import type * as tf from '@tensorflow/tfjs';
import {
  expectInteger,
  expectOneOf,
  expectOptions,
  InputError,
  type FilterPair,
  type Images,
  type OptionNames,
  type Reduction,
  type SimilarFilters,
} from '@convlens/core';
import { expectLayersModel } from '../graph-model/expect-layers-model.js';
import { findValue } from '../model/find-layer.js';
import { isNormalization, isReluLayer } from '../model/layer-kinds.js';
import { readGraph, type GraphNode, type ModelGraph } from '../model/model-graph.js';
import { INFERENCE_OPTIONS, type InferenceOptions } from '../model/inference-options.js';
import { filterKernels, hasFilterKernels } from './filter-kernels.js';
import { kernelCorrelations } from './kernel-correlations.js';
import { topActivations } from './top-activations.js';
import { topOverlaps } from './top-overlaps.js';

/** Layers that compute each output channel from the input channel of the same index, as normalizations and rectifiers do. */
const CHANNELWISE = [
  ...['Activation', 'Dropout', 'SpatialDropout2D', 'GaussianDropout', 'GaussianNoise', 'AlphaDropout'],
  ...['MaxPooling2D', 'AveragePooling2D', 'GlobalMaxPooling2D', 'GlobalAveragePooling2D', 'GlobalPooling'],
  ...['ZeroPadding2D', 'Cropping2D', 'UpSampling2D', 'ResizeImages'],
];

const isChannelwise = ({ layer }: GraphNode) =>
  CHANNELWISE.includes(layer.getClassName()) || isNormalization(layer) || isReluLayer(layer);

/**
 * The convolution or dense layer whose kernels compute the channels of a layer: the layer itself, or one
 * before it.
 */
function findKernelLayer(graph: ModelGraph, layer: string): GraphNode {
  let value = findValue(graph, layer);
  for (;;) {
    const node = graph.nodes.find(({ outputs }) => outputs.includes(value));
    if (node && hasFilterKernels(node.layer)) return node;
    if (node) expectLayersModel([node], 'kernels');
    if (!node || !isChannelwise(node))
      throw new InputError(
        'Expected layer to be a convolution or a dense layer, or to follow one, ' +
          `got ${layer}, whose channels come from ${node?.name ?? 'the image'}`,
      );
    [value] = node.inputs;
  }
}

export const SIMILARITIES = ['correlation', 'overlap'] as const;

export interface SimilarFiltersOptions extends InferenceOptions {
  /** A convolution, a dense layer, or a layer that directly follows one; default 'last-conv'. */
  layer?: string;
  /** The number of top images per filter to compare; default 20, an integer >= 1. */
  count?: number;
  /** The most pairs in the result; default 20, an integer >= 1. */
  pairs?: number;
  /**
   * The similarity that pairs are sorted by; default 'correlation'. Of equal pairs the lower filters come
   * first.
   */
  sortBy?: (typeof SIMILARITIES)[number];
  /** How a feature map becomes one number; default 'mean'. */
  reduction?: Reduction;
}

const SIMILAR_FILTERS_OPTIONS: OptionNames<SimilarFiltersOptions> = {
  ...INFERENCE_OPTIONS,
  layer: true,
  count: true,
  pairs: true,
  sortBy: true,
  reduction: true,
};

/** All pairs of filters, the lower filter first. Both matrices are filters x filters. */
function allPairs(filters: number, correlations: Float64Array, overlaps: Float64Array): FilterPair[] {
  const pairs: FilterPair[] = [];
  for (let a = 0; a < filters; a++)
    for (let b = a + 1; b < filters; b++)
      pairs.push({
        filters: [a, b],
        correlation: correlations[a * filters + b],
        overlap: overlaps[a * filters + b],
      });
  return pairs;
}

/** Most similar first, NaN last; pairs of equal similarity keep their order. */
function sortPairs(pairs: readonly FilterPair[], sortBy: (typeof SIMILARITIES)[number]): FilterPair[] {
  const similarity = (pair: FilterPair) => (Number.isNaN(pair[sortBy]) ? -Infinity : pair[sortBy]);
  return [...pairs].sort((a, b) => (similarity(a) === similarity(b) ? 0 : similarity(b) - similarity(a)));
}

/**
 * The most similar pairs of filters of a layer, which may be near-duplicates: the correlation of their
 * kernels, and the overlap of their top images.
 *
 * @throws InputError if the channels of the layer are not those of a convolution or a dense layer.
 */
export async function similarFilters(
  model: tf.LayersModel,
  images: Images,
  options: SimilarFiltersOptions = {},
): Promise<SimilarFilters> {
  expectOptions('similarFilters', options, SIMILAR_FILTERS_OPTIONS);
  const {
    layer = 'last-conv',
    count = 20,
    pairs = 20,
    sortBy = 'correlation',
    reduction,
    ...inference
  } = options;
  expectInteger('pairs', pairs, { min: 1 });
  expectOneOf('sortBy', sortBy, SIMILARITIES);
  const kernelLayer = findKernelLayer(readGraph(model), layer);
  const top = await topActivations(model, images, { layer, count, reduction, ...inference });
  const bank = await filterKernels(kernelLayer.layer);
  const unsorted = allPairs(bank.filters, kernelCorrelations(bank), topOverlaps(top));
  return {
    layer: top.layer,
    kernelLayer: kernelLayer.name,
    reduction: top.reduction,
    topCount: count,
    sortedBy: sortBy,
    pairs: sortPairs(unsorted, sortBy).slice(0, pairs),
  };
}
