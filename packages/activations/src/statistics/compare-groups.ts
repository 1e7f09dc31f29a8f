import {
  expectRecord,
  expectOneOf,
  expectOptions,
  InputError,
  type GroupActivations,
  type GroupComparison,
  type GroupDifference,
  type OptionNames,
} from '@convlens/core';

/** The moments of one number over the images of a group. */
interface Moments {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

/** The sum of squared deviations from the mean. */
const scatterOf = ({ count, sum, sumOfSquares }: Moments) =>
  Math.max(0, sumOfSquares - count * (sum / count) ** 2);

function differenceOf(a: Moments, b: Moments): GroupDifference {
  const means = [a.sum / a.count, b.sum / b.count] as const;
  const difference = means[0] - means[1];
  const pooledStd = Math.sqrt((scatterOf(a) + scatterOf(b)) / (a.count + b.count - 2));
  // Without a difference there is no effect, even if both groups are constant (0 / 0).
  const cohensD = difference === 0 ? 0 : difference / pooledStd;
  return { means, difference, effectSize: Math.min(a.count, b.count) < 2 ? NaN : cohensD };
}

const rootMeanSquare = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

export interface CompareGroupsOptions {
  /** The names of the two groups; default the first two. */
  groups?: readonly [string, string];
}

const COMPARE_GROUPS_OPTIONS: OptionNames<CompareGroupsOptions> = { groups: true };

/**
 * Compares the activations of a layer for two groups of images, such as correct and wrong, or cat and dog:
 * means, difference and effect size per channel. The effect size is Cohen's d, the difference in units of the
 * pooled standard deviation (Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd edition,
 * 1988, section 2.5.1): about 0.2 is small, 0.5 medium, 0.8 large. It is infinite if the means differ and
 * neither group varies.
 */
export function compareGroups(record: GroupActivations, options: CompareGroupsOptions = {}): GroupComparison {
  expectOptions('compareGroups', options, COMPARE_GROUPS_OPTIONS);
  expectRecord('GroupActivations', 'record', record);
  const { layer, reduction, groupNames, counts, channels } = record;
  if (groupNames.length < 2)
    throw new InputError(`Expected at least two groups to compare, got ${groupNames.join(', ')}`);
  const names = options.groups ?? ([groupNames[0], groupNames[1]] as const);
  if (names.length !== 2) throw new InputError(`Expected groups to be two names, got ${names.length}`);
  const [a, b] = names.map((name) => groupNames.indexOf(expectOneOf('groups', name, groupNames)));
  const layerMoments = (group: number): Moments => ({
    count: counts[group],
    sum: record.layerSums[group],
    sumOfSquares: record.layerSumsOfSquares[group],
  });
  const channelMoments = (group: number, channel: number): Moments => ({
    count: counts[group],
    sum: record.sums[group * channels + channel],
    sumOfSquares: record.sumsOfSquares[group * channels + channel],
  });
  const differences = Array.from({ length: channels }, (_, channel) =>
    differenceOf(channelMoments(a, channel), channelMoments(b, channel)),
  );
  return {
    layer,
    reduction,
    groupNames: [names[0], names[1]],
    counts: [counts[a], counts[b]],
    overall: differenceOf(layerMoments(a), layerMoments(b)),
    rmsEffectSize: rootMeanSquare(differences.map(({ effectSize }) => effectSize).filter(Number.isFinite)),
    channels: differences,
  };
}
