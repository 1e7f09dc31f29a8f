import {
  expectOneOf,
  InputError,
  type GroupActivations,
  type GroupComparison,
  type GroupDifference,
} from '@convlens/core';

/** What is known of one number over the images of one group. */
interface Moments {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

function differenceOf(groups: readonly [Moments, Moments]): GroupDifference {
  const [a, b] = groups;
  const means = [a.sum / a.count, b.sum / b.count] as const;
  const difference = means[0] - means[1];
  const spread = groups.reduce(
    (sum, { sumOfSquares }, i) => sum + Math.max(0, sumOfSquares - groups[i].count * means[i] ** 2),
    0,
  );
  const std = Math.sqrt(spread / (a.count + b.count - 2));
  const effectSize = Math.min(a.count, b.count) < 2 ? NaN : difference === 0 ? 0 : difference / std;
  return { means, difference, effectSize };
}

export interface CompareGroupsOptions {
  /** The names of the two groups; default the first two. */
  groups?: readonly [string, string];
}

/**
 * How a layer answers to one group of images beside another (right and wrong, cat and dog), from `groupActivations`:
 * means, difference, and Cohen's d, the difference over the pooled standard deviation (Cohen, Statistical Power
 * Analysis for the Behavioral Sciences, 2nd edition, 1988, section 2.5.1): about 0.2 is called small, 0.5 medium, 0.8
 * large. An effect is infinite where the groups differ and neither spreads.
 */
export function compareGroups(
  record: GroupActivations,
  { groups }: CompareGroupsOptions = {},
): GroupComparison {
  const { layer, reduction, groupNames, counts, channels } = record;
  if (groupNames.length < 2)
    throw new InputError(`Expected at least two groups to compare, got ${groupNames.join(', ')}`);
  const names = groups ?? ([groupNames[0], groupNames[1]] as const);
  if (names.length !== 2) throw new InputError(`Expected groups to be two names, got ${names.length}`);
  const [a, b] = names.map((name) => groupNames.indexOf(expectOneOf('groups', name, groupNames)));
  const compare = (sums: Float64Array, squares: Float64Array, { stride = 1, offset = 0 } = {}) => {
    const of = (group: number): Moments => ({
      count: counts[group],
      sum: sums[group * stride + offset],
      sumOfSquares: squares[group * stride + offset],
    });
    return differenceOf([of(a), of(b)]);
  };
  const each = Array.from({ length: channels }, (_, offset) =>
    compare(record.sums, record.sumsOfSquares, { stride: channels, offset }),
  );
  const effects = each.map(({ effectSize }) => effectSize).filter(Number.isFinite);
  return {
    layer,
    reduction,
    groupNames: [names[0], names[1]],
    counts: [counts[a], counts[b]],
    whole: compare(record.layerSums, record.layerSumsOfSquares),
    typicalEffect: Math.sqrt(effects.reduce((sum, effect) => sum + effect * effect, 0) / effects.length),
    channels: each,
  };
}
