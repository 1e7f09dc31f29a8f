import type * as tf from '@tensorflow/tfjs';
import type { ChannelStatistics, Images, LayerStatistics } from '@convlens/core';
import { channelCounts, type ChannelCounts } from './channel-counts.js';
import { observe, type Observed, type Observer } from './observe.js';
import { expectSameKind } from './same-kind.js';
import type { ReadOptions } from '../model/subject.js';

/** What the observers of statistics in one run count, by value, and the values of which rectified ones are needed. */
interface Shared {
  readonly counts: Map<number, ChannelCounts>;
  readonly rectified: Set<number>;
}

const runs = new WeakMap<Observed, Shared>();

function sharedIn(observed: Observed): Shared {
  const known = runs.get(observed) ?? { counts: new Map(), rectified: new Set() };
  runs.set(observed, known);
  return known;
}

/**
 * Counts and adds up what a layer puts out. Values that are counted for another observer of the same run are not counted
 * again: nor those of a ReLU, which follow from those of the layer that it reads.
 */
export function observeStatistics({ layer = 'last-conv' } = {}): Observer<LayerStatistics> {
  return {
    layers: [layer],
    begin(observed) {
      const { name, value, rectifies, height, width, channels, spatial } = observed.layer(layer);
      const { counts: all, rectified } = sharedIn(observed);
      const isRelu = rectifies !== undefined;
      const isCounted = all.has(value);
      if (isRelu) rectified.add(rectifies);
      else if (!isCounted) all.set(value, channelCounts(channels));
      // Known when all observers have begun.
      const source = () => (isRelu ? all.get(rectifies) : undefined);
      let alone: ChannelCounts | undefined;
      const own = () => all.get(value) ?? (alone ??= channelCounts(channels));
      return {
        async add(batch) {
          if (isCounted || source()) return;
          own().add(await batch.values(layer), { rectified: rectified.has(value) });
        },
        finish: () => ({
          layer: name,
          shape: spatial ? [height, width, channels] : [channels],
          images: observed.images.count,
          channels: source()?.readRectified() ?? own().read(),
        }),
      };
    },
  };
}

export interface LayerStatisticsOptions extends ReadOptions {
  /** The layers, by name or role. */
  layers: readonly string[];
}

/**
 * Counts, sums and histograms of what some layers put out, channel by channel, one record a layer; records of two parts
 * of a data set can be put together by `mergeStatistics`. A NaN is counted, but has no bin and makes the sums NaN.
 */
export async function layerStatistics(
  model: tf.LayersModel,
  images: Images,
  { layers, ...options }: LayerStatisticsOptions,
): Promise<LayerStatistics[]> {
  return observe(model, images, {
    ...options,
    observers: layers.map((layer) => observeStatistics({ layer })),
  });
}

/** What both channels hold together. */
export function mergeChannels(a: ChannelStatistics, b: ChannelStatistics): ChannelStatistics {
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

/** The statistics of two parts of a data set as one record; they must be of the same layer. */
export function mergeStatistics(a: LayerStatistics, b: LayerStatistics): LayerStatistics {
  expectSameKind(
    'statistics of the same layer',
    [a, b],
    ({ layer, shape }) => `${layer} (${shape.join(' x ')})`,
  );
  return {
    ...a,
    images: a.images + b.images,
    channels: a.channels.map((channel, c) => mergeChannels(channel, b.channels[c])),
  };
}
