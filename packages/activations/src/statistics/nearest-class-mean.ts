import type * as tf from '@tensorflow/tfjs';
import {
  expectObject,
  expectList,
  expectRecord,
  expectRecords,
  expectOptions,
  InputError,
  type GroupActivations,
  type Images,
  type NearestClassMean,
  type OptionNames,
} from '@convlens/core';
import { INFERENCE_OPTIONS, type InferenceOptions } from '../model/inference-options.js';
import { expectMergeable } from '../observe/expect-mergeable.js';
import { expectLabels } from '../observe/labels.js';
import { runObservers } from '../observe/observe.js';
import type { Observer, ObserverContext } from '../observe/observer.js';

interface ClassMean {
  readonly classIndex: number;
  /** One value per channel. */
  readonly mean: Float64Array;
}

/** The class means, without classes that have no images. */
function classMeans({ counts, sums, channels }: GroupActivations): ClassMean[] {
  const nonEmpty = [...counts.keys()].filter((group) => counts[group] > 0);
  return nonEmpty.map((group) => ({
    classIndex: group,
    mean: sums.subarray(group * channels, (group + 1) * channels).map((sum) => sum / counts[group]),
  }));
}

/** The class whose mean has the smallest Euclidean distance; of equal distances the lower class. */
function nearestClass(activations: Float32Array, means: readonly ClassMean[]): number {
  let nearest = -1;
  let smallest = Infinity;
  for (const { classIndex, mean } of means) {
    let distance = 0;
    for (let c = 0; c < mean.length; c++) distance += (activations[c] - mean[c]) ** 2;
    if (distance < smallest) {
      nearest = classIndex;
      smallest = distance;
    }
  }
  return nearest;
}

function expectFittingMeans(
  { layer, groupNames, channels }: GroupActivations,
  context: ObserverContext,
): void {
  const { classNames } = context.images;
  if (groupNames.join() !== classNames.join())
    throw new InputError(
      `Expected means of the classes ${classNames.join(', ')}, got those of ${groupNames.join(', ')}`,
    );
  const layerChannels = context.layer(layer).channels;
  if (layerChannels !== channels)
    throw new InputError(
      `Expected means of the ${layerChannels} channels of layer ${layer}, got ${channels}`,
    );
}

/** Classifies each image by the nearest of the class means in `record`, and counts the correct ones. */
export function observeNearestClassMean(record: GroupActivations): Observer<NearestClassMean> {
  expectRecord('GroupActivations', 'record', record);
  const { layer, reduction, channels } = record;
  return {
    layers: [layer],
    begin(context) {
      const labels = expectLabels(context.images);
      expectFittingMeans(record, context);
      const means = classMeans(record);
      const imageCount = context.images.count;
      let correct = 0;
      return {
        async add({ start, count, ...batch }) {
          const reduced = await batch.reduced(layer, reduction);
          for (let i = 0; i < count; i++) {
            const activations = reduced.subarray(i * channels, (i + 1) * channels);
            if (nearestClass(activations, means) === labels[start + i]) correct++;
          }
        },
        finish: () => ({ layer, reduction, count: imageCount, correct, accuracy: correct / imageCount }),
      };
    },
  };
}

export interface NearestClassMeanOptions extends InferenceOptions {
  /** The class means, one record per layer: from `groupActivations` of other images than those classified. */
  means: readonly GroupActivations[];
}

const NEAREST_CLASS_MEAN_OPTIONS: OptionNames<NearestClassMeanOptions> = {
  ...INFERENCE_OPTIONS,
  means: true,
};

/**
 * The accuracy of the nearest class mean classifier on layer outputs, one record per layer: the class of an
 * image is the one whose mean activations are nearest, by Euclidean distance (Mensink, Verbeek, Perronnin and
 * Csurka, Distance-Based Image Classification, 2013). Of equal distances the lower class is predicted.
 *
 * @throws InputError if the images have no labels, or the means are of other classes.
 */
export async function nearestClassMean(
  model: tf.LayersModel,
  images: Images,
  options: NearestClassMeanOptions,
): Promise<NearestClassMean[]> {
  expectOptions('nearestClassMean', options, NEAREST_CLASS_MEAN_OPTIONS);
  expectObject('the options of nearestClassMean', options);
  expectList('means', options.means);
  const { means, ...inference } = options;
  return runObservers(model, images, { ...inference, observers: means.map(observeNearestClassMean) });
}

/**
 * The counts of two parts of an image set as one record.
 *
 * @throws InputError unless they are of the same layer and reduction.
 */
export function mergeNearestClassMean(a: NearestClassMean, b: NearestClassMean): NearestClassMean {
  expectRecords('NearestClassMean', 'records', [a, b]);
  expectMergeable('counts of the same layer', [a, b], ({ layer, reduction }) => `${layer} by ${reduction}`);
  const count = a.count + b.count;
  const correct = a.correct + b.correct;
  return { ...a, count, correct, accuracy: correct / count };
}
