import type * as tf from '@tensorflow/tfjs';
import {
  expectObject,
  expectList,
  expectRecords,
  expectOptions,
  type ChannelStatistics,
  type Images,
  type LayerStatistics,
  type OptionNames,
} from '@convlens/core';
import { INFERENCE_OPTIONS, type InferenceOptions } from '../model/inference-options.js';
import { expectMergeable } from '../observe/expect-mergeable.js';
import { runObservers } from '../observe/observe.js';
import type { Observer, ObserverContext } from '../observe/observer.js';
import { channelCounts, type ChannelCounts } from './channel-counts.js';

/** The counts that the observers of one run share. */
interface SharedCounts {
  /** By the number of the layer output. */
  readonly counts: Map<number, ChannelCounts>;
  /** The numbers of the layer outputs that an observed ReLU reads. */
  readonly rectified: Set<number>;
}

const countsByRun = new WeakMap<ObserverContext, SharedCounts>();

function sharedCountsOf(context: ObserverContext): SharedCounts {
  const shared = countsByRun.get(context) ?? { counts: new Map(), rectified: new Set() };
  countsByRun.set(context, shared);
  return shared;
}

export interface ObserveLayerStatisticsOptions {
  /** The layer: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
}

const OBSERVE_LAYER_STATISTICS_OPTIONS: OptionNames<ObserveLayerStatisticsOptions> = { layer: true };

/**
 * Adds up the values of a layer output. Observers of one run share their work: an output is counted once, and
 * a ReLU is not counted if the layer that it reads is, because its statistics follow from those.
 */
export function observeLayerStatistics(
  options: ObserveLayerStatisticsOptions = {},
): Observer<LayerStatistics> {
  expectOptions('observeLayerStatistics', options, OBSERVE_LAYER_STATISTICS_OPTIONS);
  const { layer = 'last-conv' } = options;
  return {
    layers: [layer],
    begin(context) {
      const { name, value, reluInput, height, width, channels, spatial } = context.layer(layer);
      const { counts, rectified } = sharedCountsOf(context);
      const isRelu = reluInput !== undefined;
      const isCounted = counts.has(value);
      if (isRelu) rectified.add(reluInput);
      else if (!isCounted) counts.set(value, channelCounts(channels));
      // Whether the input of the ReLU is counted is known only when all observers have begun.
      const inputCounts = () => (isRelu ? counts.get(reluInput) : undefined);
      let unshared: ChannelCounts | undefined;
      const outputCounts = () => counts.get(value) ?? (unshared ??= channelCounts(channels));
      return {
        async add(batch) {
          if (isCounted || inputCounts()) return;
          outputCounts().add(await batch.values(layer), { rectified: rectified.has(value) });
        },
        finish: () => ({
          layer: name,
          shape: spatial ? [height, width, channels] : [channels],
          imageCount: context.images.count,
          channels: inputCounts()?.readRectified() ?? outputCounts().read(),
        }),
      };
    },
  };
}

export interface LayerStatisticsOptions extends InferenceOptions {
  /** The layers, by name or role. */
  layers: readonly string[];
}

const LAYER_STATISTICS_OPTIONS: OptionNames<LayerStatisticsOptions> = { ...INFERENCE_OPTIONS, layers: true };

/**
 * Counts, sums, extremes and histograms of layer outputs, per channel: one record per layer. NaN is counted,
 * but has no bin and makes the sums NaN. `describeStatistics` computes mean, deviation and quantiles from a
 * record.
 */
export async function layerStatistics(
  model: tf.LayersModel,
  images: Images,
  options: LayerStatisticsOptions,
): Promise<LayerStatistics[]> {
  expectOptions('layerStatistics', options, LAYER_STATISTICS_OPTIONS);
  expectObject('the options of layerStatistics', options);
  expectList('layers', options.layers);
  const { layers, ...inference } = options;
  const observers = layers.map((layer) => observeLayerStatistics({ layer }));
  return runObservers(model, images, { ...inference, observers });
}

/** The statistics of two sets of values as one. */
export function mergeChannelStatistics(a: ChannelStatistics, b: ChannelStatistics): ChannelStatistics {
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    sumOfSquares: a.sumOfSquares + b.sumOfSquares,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    zeros: a.zeros + b.zeros,
    nonPositive: a.nonPositive + b.nonPositive,
    histogram: a.histogram.map((count, bin) => count + b.histogram[bin]),
  };
}

/**
 * The statistics of two parts of an image set as one record.
 *
 * @throws InputError unless they are of the same layer.
 */
export function mergeLayerStatistics(a: LayerStatistics, b: LayerStatistics): LayerStatistics {
  expectRecords('LayerStatistics', 'records', [a, b]);
  expectMergeable(
    'statistics of the same layer',
    [a, b],
    ({ layer, shape }) => `${layer} (${shape.join(' x ')})`,
  );
  return {
    ...a,
    imageCount: a.imageCount + b.imageCount,
    channels: a.channels.map((channel, c) => mergeChannelStatistics(channel, b.channels[c])),
  };
}
