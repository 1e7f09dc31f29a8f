import type { ClassSeparability, GroupActivations } from '@convlens/core';

/** The scatter of one channel between the groups and within them: sums of squared distances. */
function scatterOf({ counts, channels, sums, sumsOfSquares }: GroupActivations, channel: number) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const seen = [...counts.keys()].filter((group) => counts[group] > 0);
  const sumOf = (group: number) => sums[group * channels + channel];
  const grandMean = seen.reduce((sum, group) => sum + sumOf(group), 0) / total;
  let between = 0;
  let within = 0;
  for (const group of seen) {
    const mean = sumOf(group) / counts[group];
    between += counts[group] * (mean - grandMean) ** 2;
    within += Math.max(0, sumsOfSquares[group * channels + channel] - counts[group] * mean * mean);
  }
  return { between, within };
}

/**
 * How well a layer separates classes, from `groupActivations` by label: tr(S_B) / tr(S_W), the scatter of the class means
 * about the mean of all over the scatter of the images about their class's mean (Fukunaga, Introduction to Statistical
 * Pattern Recognition, 2nd edition, 1990, section 10.2). Traces add up over the channels, so that no matrix is kept. The
 * ratio does not change with the scale of a layer, but a channel with a wide spread weighs more than one with a narrow
 * one; `channels` weighs each by itself.
 */
export function classSeparability(record: GroupActivations): ClassSeparability {
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
    betweenShare: between / (between + within),
    channels: Float64Array.from(scatters, (channel) => channel.between / (channel.between + channel.within)),
  };
}
