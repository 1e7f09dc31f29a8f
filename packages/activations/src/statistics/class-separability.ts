import { expectRecord } from '@convlens/core';
import type { ClassSeparability, GroupActivations } from '@convlens/core';

/** The scatter of one channel between and within the groups: sums of squared deviations. */
function scatterOf({ counts, channels, sums, sumsOfSquares }: GroupActivations, channel: number) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const nonEmpty = [...counts.keys()].filter((group) => counts[group] > 0);
  const sumOf = (group: number) => sums[group * channels + channel];
  const grandMean = nonEmpty.reduce((sum, group) => sum + sumOf(group), 0) / total;
  let between = 0;
  let within = 0;
  for (const group of nonEmpty) {
    const mean = sumOf(group) / counts[group];
    between += counts[group] * (mean - grandMean) ** 2;
    within += Math.max(0, sumsOfSquares[group * channels + channel] - counts[group] * mean * mean);
  }
  return { between, within };
}

/**
 * The class separability of a layer, from `groupActivations` by label: tr(S_B) / tr(S_W), the scatter of the
 * class means around the mean of all images over the scatter of the images around their class mean (Fukunaga,
 * Introduction to Statistical Pattern Recognition, 2nd edition, 1990, section 10.2). Only the traces of the
 * scatter matrices are computed, which are sums over the channels. The ratio does not depend on the scale of
 * the layer, but channels of high variance dominate it; `etaSquared` measures each channel on its own.
 */
export function classSeparability(record: GroupActivations): ClassSeparability {
  expectRecord('GroupActivations', 'record', record);
  const { layer, reduction, groupNames, counts } = record;
  const scatters = Array.from({ length: record.channels }, (_, channel) => scatterOf(record, channel));
  const between = scatters.reduce((sum, channel) => sum + channel.between, 0);
  const within = scatters.reduce((sum, channel) => sum + channel.within, 0);
  return {
    layer,
    reduction,
    classNames: groupNames,
    counts,
    ratio: between / within,
    betweenFraction: between / (between + within),
    etaSquared: Float64Array.from(
      scatters,
      (channel) => channel.between / (channel.between + channel.within),
    ),
  };
}
