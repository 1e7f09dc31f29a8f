import type * as tf from '@tensorflow/tfjs';
import { InputError, type GroupActivations, type Images, type NearestMeans } from '@convlens/core';
import { expectLabels } from './labels.js';
import { observe, type Observer } from './observe.js';
import { expectSameKind } from './same-kind.js';
import type { ReadOptions } from '../model/subject.js';

/** The mean answers of the groups of which images were seen. */
function meansOf({ counts, sums, channels }: GroupActivations) {
  const seen = [...counts.keys()].filter((group) => counts[group] > 0);
  return seen.map((group) => ({
    group,
    mean: sums.subarray(group * channels, (group + 1) * channels).map((sum) => sum / counts[group]),
  }));
}

/** Takes each image for the class whose mean, in `record`, is nearest, and counts how often that is right. */
export function observeNearestMeans(record: GroupActivations): Observer<NearestMeans> {
  const { layer, reduction, groupNames, channels } = record;
  return {
    layers: [layer],
    begin({ images, ...observed }) {
      const labels = expectLabels(images);
      if (groupNames.join() !== images.classNames.join())
        throw new InputError(
          `Expected means of the classes ${images.classNames.join(', ')}, got those of ${groupNames.join(', ')}`,
        );
      const actual = observed.layer(layer);
      if (actual.channels !== channels)
        throw new InputError(
          `Expected means of the ${actual.channels} channels of layer ${layer}, got ${channels}`,
        );
      const means = meansOf(record);
      let right = 0;
      return {
        async add({ start, count, ...batch }) {
          const answers = await batch.answers(layer, reduction);
          for (let i = 0; i < count; i++) {
            let [nearest, least] = [-1, Infinity];
            for (const { group, mean } of means) {
              let distance = 0;
              for (let c = 0; c < channels; c++) distance += (answers[i * channels + c] - mean[c]) ** 2;
              if (distance < least) [nearest, least] = [group, distance];
            }
            if (nearest === labels[start + i]) right++;
          }
        },
        finish: () => ({ layer, reduction, count: images.count, right, accuracy: right / images.count }),
      };
    },
  };
}

export interface NearestMeansOptions extends ReadOptions {
  /** The class means, one record a layer, as `groupActivations` finds them on images that were set aside for that. */
  means: readonly GroupActivations[];
}

/**
 * How good it is, layer by layer, to take an image for the class whose mean answers are nearest to its own, by Euclidean
 * distance (nearest class mean classifier; Mensink, Verbeek, Perronnin and Csurka, Distance-Based Image Classification,
 * 2013). Of equal distances the lower class is taken. Take the means from other images than those that are judged.
 */
export async function nearestMeans(
  model: tf.LayersModel,
  images: Images,
  { means, ...options }: NearestMeansOptions,
): Promise<NearestMeans[]> {
  return observe(model, images, { ...options, observers: means.map(observeNearestMeans) });
}

/** The counts of two parts of a data set as one record; they must be of the same layer. */
export function mergeNearestMeans(a: NearestMeans, b: NearestMeans): NearestMeans {
  expectSameKind('counts of the same layer', [a, b], ({ layer, reduction }) => `${layer} by ${reduction}`);
  const [count, right] = [a.count + b.count, a.right + b.right];
  return { ...a, count, right, accuracy: right / count };
}
