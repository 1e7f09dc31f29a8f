import type * as tf from '@tensorflow/tfjs';
import type { GroupActivations, Images } from '@convlens/core';
import { openGroups, type Groups } from './groups.js';
import { observe, type Observer } from './observe.js';
import { expectReduction, type FilterOptions } from './reduction.js';
import { expectSameKind } from './same-kind.js';
import type { ReadOptions } from '../model/subject.js';

export interface GroupOptions extends Omit<FilterOptions, 'filters'> {
  /** What images are grouped by; default 'label'. */
  groups?: Groups;
}

/** Adds up how strongly a layer answers, group by group. */
export function observeGroupActivations({
  layer = 'last-conv',
  groups = 'label',
  reduction = 'mean',
}: GroupOptions = {}): Observer<GroupActivations> {
  expectReduction(reduction);
  return {
    layers: [layer],
    probabilities: groups === 'outcome',
    begin(observed) {
      const { name, channels } = observed.layer(layer);
      const grouping = openGroups(groups, observed);
      const { length } = grouping.names;
      const counts = grouping.names.map(() => 0);
      const [sums, sumsOfSquares] = [0, 0].map(() => new Float64Array(length * channels));
      const [layerSums, layerSumsOfSquares] = [0, 0].map(() => new Float64Array(length));
      return {
        async add(batch) {
          const answers = await batch.answers(layer, reduction);
          const own = grouping.groupsOf(batch);
          for (let i = 0; i < batch.count; i++) {
            const group = own[i];
            if (group < 0) continue;
            let total = 0;
            for (let c = 0; c < channels; c++) {
              const answer = answers[i * channels + c];
              total += answer;
              sums[group * channels + c] += answer;
              sumsOfSquares[group * channels + c] += answer * answer;
            }
            counts[group]++;
            layerSums[group] += total / channels;
            layerSumsOfSquares[group] += (total / channels) ** 2;
          }
        },
        finish: () => ({
          layer: name,
          reduction,
          groupNames: grouping.names,
          counts,
          channels,
          sums,
          sumsOfSquares,
          layerSums,
          layerSumsOfSquares,
        }),
      };
    },
  };
}

export interface GroupActivationsOptions extends Omit<GroupOptions, 'layer'>, ReadOptions {
  /** The layers, by name or role. */
  layers: readonly string[];
}

/**
 * How strongly some layers answer to groups of images: counts, sums and sums of squares of each channel's answer, one
 * record a layer. `compareGroups` and `classSeparability` are worked out from it.
 */
export async function groupActivations(
  model: tf.LayersModel,
  images: Images,
  { layers, groups, reduction, ...options }: GroupActivationsOptions,
): Promise<GroupActivations[]> {
  const observers = layers.map((layer) => observeGroupActivations({ layer, groups, reduction }));
  return observe(model, images, { ...options, observers });
}

const added = (a: Float64Array, b: Float64Array) => a.map((sum, i) => sum + b[i]);

/** The group activations of two parts of a data set as one record; they must be of the same layer and groups. */
export function mergeGroupActivations(a: GroupActivations, b: GroupActivations): GroupActivations {
  expectSameKind(
    'activations of the same groups',
    [a, b],
    ({ layer, channels, reduction, groupNames }) =>
      `${layer} (${channels}) by ${reduction} of ${groupNames.join(', ')}`,
  );
  return {
    ...a,
    counts: a.counts.map((count, group) => count + b.counts[group]),
    sums: added(a.sums, b.sums),
    sumsOfSquares: added(a.sumsOfSquares, b.sumsOfSquares),
    layerSums: added(a.layerSums, b.layerSums),
    layerSumsOfSquares: added(a.layerSumsOfSquares, b.layerSumsOfSquares),
  };
}
