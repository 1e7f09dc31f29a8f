import type * as tf from '@tensorflow/tfjs';
import {
  expectObject,
  expectList,
  expectRecords,
  expectOptions,
  type GroupActivations,
  type Images,
  type OptionNames,
  type Reduction,
} from '@convlens/core';
import { INFERENCE_OPTIONS, type InferenceOptions } from '../model/inference-options.js';
import { expectReduction } from '../model/reduction.js';
import { expectMergeable } from '../observe/expect-mergeable.js';
import { runObservers } from '../observe/observe.js';
import type { Observer } from '../observe/observer.js';
import { resolveGroups, type Groups } from './groups.js';

export interface ObserveGroupActivationsOptions {
  /** The layer: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
  /** How images are grouped; default 'label'. */
  groups?: Groups;
  /** How a feature map becomes one number; default 'mean'. */
  reduction?: Reduction;
}

const OBSERVE_GROUP_ACTIVATIONS_OPTIONS: OptionNames<ObserveGroupActivationsOptions> = {
  layer: true,
  groups: true,
  reduction: true,
};

/** Empty sums of a layer for some groups. */
function emptySums(groups: number, channels: number) {
  return {
    counts: new Array<number>(groups).fill(0),
    sums: new Float64Array(groups * channels),
    sumsOfSquares: new Float64Array(groups * channels),
    layerSums: new Float64Array(groups),
    layerSumsOfSquares: new Float64Array(groups),
  };
}

/** Adds the reduced activations of one image to the sums of its group. */
function addImage(
  { counts, sums, sumsOfSquares, layerSums, layerSumsOfSquares }: ReturnType<typeof emptySums>,
  group: number,
  activations: Float32Array,
): void {
  const channels = activations.length;
  let total = 0;
  for (let c = 0; c < channels; c++) {
    total += activations[c];
    sums[group * channels + c] += activations[c];
    sumsOfSquares[group * channels + c] += activations[c] * activations[c];
  }
  counts[group]++;
  layerSums[group] += total / channels;
  layerSumsOfSquares[group] += (total / channels) ** 2;
}

/** Sums the reduced activations of a layer, group by group. */
export function observeGroupActivations(
  options: ObserveGroupActivationsOptions = {},
): Observer<GroupActivations> {
  expectOptions('observeGroupActivations', options, OBSERVE_GROUP_ACTIVATIONS_OPTIONS);
  const { layer = 'last-conv', groups = 'label', reduction = 'mean' } = options;
  expectReduction(reduction);
  return {
    layers: [layer],
    probabilities: groups === 'outcome',
    begin(context) {
      const { name, channels } = context.layer(layer);
      const grouping = resolveGroups(groups, context);
      const totals = emptySums(grouping.names.length, channels);
      return {
        async add(batch) {
          const reduced = await batch.reduced(layer, reduction);
          const batchGroups = grouping.groupsOf(batch);
          for (let i = 0; i < batch.count; i++)
            if (batchGroups[i] >= 0)
              addImage(totals, batchGroups[i], reduced.subarray(i * channels, (i + 1) * channels));
        },
        finish: () => ({ layer: name, reduction, groupNames: grouping.names, channels, ...totals }),
      };
    },
  };
}

export interface GroupActivationsOptions
  extends Omit<ObserveGroupActivationsOptions, 'layer'>, InferenceOptions {
  /** The layers, by name or role. */
  layers: readonly string[];
}

const GROUP_ACTIVATIONS_OPTIONS: OptionNames<GroupActivationsOptions> = {
  ...INFERENCE_OPTIONS,
  layers: true,
  groups: true,
  reduction: true,
};

/**
 * Counts, sums and sums of squares of the reduced activations of layers, per group and channel: one record
 * per layer. `compareGroups` and `classSeparability` read these records.
 */
export async function groupActivations(
  model: tf.LayersModel,
  images: Images,
  options: GroupActivationsOptions,
): Promise<GroupActivations[]> {
  expectOptions('groupActivations', options, GROUP_ACTIVATIONS_OPTIONS);
  expectObject('the options of groupActivations', options);
  expectList('layers', options.layers);
  const { layers, groups, reduction, ...inference } = options;
  const observers = layers.map((layer) => observeGroupActivations({ layer, groups, reduction }));
  return runObservers(model, images, { ...inference, observers });
}

const addArrays = (a: Float64Array, b: Float64Array) => a.map((sum, i) => sum + b[i]);

/**
 * The group activations of two parts of an image set as one record.
 *
 * @throws InputError unless they are of the same layer, reduction and groups.
 */
export function mergeGroupActivations(a: GroupActivations, b: GroupActivations): GroupActivations {
  expectRecords('GroupActivations', 'records', [a, b]);
  expectMergeable(
    'activations of the same groups',
    [a, b],
    ({ layer, channels, reduction, groupNames }) =>
      `${layer} (${channels}) by ${reduction} of ${groupNames.join(', ')}`,
  );
  return {
    ...a,
    counts: a.counts.map((count, group) => count + b.counts[group]),
    sums: addArrays(a.sums, b.sums),
    sumsOfSquares: addArrays(a.sumsOfSquares, b.sumsOfSquares),
    layerSums: addArrays(a.layerSums, b.layerSums),
    layerSumsOfSquares: addArrays(a.layerSumsOfSquares, b.layerSumsOfSquares),
  };
}
