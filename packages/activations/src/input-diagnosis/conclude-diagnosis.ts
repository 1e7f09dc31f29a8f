import { formatPercent, type InputDiagnosis, type InputTrial } from '@convlens/core';
import { bestPermutation, chanceAccuracy, CHANCE_DEVIATIONS, fractionOf } from './chance-accuracy.js';
import type { TrialResult } from './trial-result.js';

/** Two accuracies differ if McNemar's statistic exceeds this number of standard deviations. */
const MCNEMAR_DEVIATIONS = 2;

const describe = ({ scaling, channelOrder, axes }: InputTrial) =>
  [
    scaling,
    ...(channelOrder === 'bgr' ? ['BGR'] : []),
    ...(axes === 'transposed' ? ['transposed axes'] : []),
  ].join(', ');

const changesOf = ({ channelOrder, axes }: InputTrial) =>
  Number(channelOrder !== 'unchanged') + Number(axes !== 'unchanged');

/** How trials are compared: with the classes as they are, or under the best permutation of each trial. */
interface Ranking {
  accuracyOf(result: TrialResult): number;
  lossOf(result: TrialResult): number;
  isHit(result: TrialResult, image: number, label: number): boolean;
}

const PLAIN: Ranking = {
  accuracyOf: ({ trial }) => trial.accuracy,
  lossOf: ({ loss }) => loss,
  isHit: ({ predicted }, image, label) => predicted[image] === label,
};

const PERMUTED: Ranking = {
  accuracyOf: ({ trial }) => trial.permutedAccuracy,
  lossOf: ({ permutedLoss }) => permutedLoss,
  isHit: ({ predicted, trial }, image, label) => trial.classOrder[predicted[image]] === label,
};

const rank = (results: readonly TrialResult[], { accuracyOf, lossOf }: Ranking): TrialResult[] =>
  [...results].sort((a, b) => accuracyOf(b) - accuracyOf(a) || lossOf(a) - lossOf(b));

/** The results that are not significantly worse than the first by McNemar's test (1947). */
function notSignificantlyWorse(
  ranked: readonly TrialResult[],
  labels: Int32Array,
  { isHit }: Ranking,
): TrialResult[] {
  const hitsOf = (result: TrialResult) => Array.from(labels, (label, i) => isHit(result, i, label));
  const bestHits = hitsOf(ranked[0]);
  return ranked.filter((result) => {
    const hits = hitsOf(result);
    const bestOnly = bestHits.filter((hit, i) => hit && !hits[i]).length;
    const thisOnly = hits.filter((hit, i) => hit && !bestHits[i]).length;
    return bestOnly - thisOnly <= MCNEMAR_DEVIATIONS * Math.sqrt(bestOnly + thisOnly);
  });
}

/**
 * Whether the classes of the model are in another order: a permutation is significantly better than none, and
 * than chance.
 */
function isPermuted(results: readonly TrialResult[], labels: Int32Array, classes: number): boolean {
  const [best] = rank(results, PLAIN);
  const [bestPermuted] = rank(results, PERMUTED);
  const fraction = bestPermuted.trial.permutedAccuracy;
  const deviation = Math.sqrt((fraction * (1 - fraction)) / labels.length);
  const chance = chanceAccuracy(
    labels,
    (shuffled) => bestPermutation(shuffled, bestPermuted.predicted, classes).accuracy,
  );
  return fraction > chance && fraction - best.trial.accuracy > CHANCE_DEVIATIONS * deviation;
}

/** The conclusion from the results of all trials. */
export function concludeDiagnosis(
  results: readonly TrialResult[],
  labels: Int32Array,
  classes: number,
): InputDiagnosis {
  const count = labels.length;
  const permuted = isPermuted(results, labels, classes);
  const ranking = permuted ? PERMUTED : PLAIN;
  const ranked = rank(results, ranking);
  const tied = notSignificantlyWorse(ranked, labels, ranking);
  const trials = ranked.map(({ trial }) => trial);
  if (!permuted) {
    const [{ trial, predicted }] = ranked;
    const chance = chanceAccuracy(labels, (shuffled) =>
      fractionOf(predicted.map((prediction, i) => prediction === shuffled[i])),
    );
    if (trial.accuracy <= chance)
      return {
        conclusion:
          `Nothing stands out: the best of ${trials.length} trials (${describe(trial)}) has an accuracy of ` +
          `${formatPercent(trial.accuracy, 1)} on ${count} images, ` +
          `and chance reaches ${formatPercent(chance, 1)}.`,
        trials,
        ties: tied.map((result) => result.trial),
        count,
      };
  }
  // Of trials that do not differ significantly: the one with the fewest changes, then the one with the lowest
  // loss.
  const [best] = [...tied].sort(
    (a, b) => changesOf(a.trial) - changesOf(b.trial) || ranking.lossOf(a) - ranking.lossOf(b),
  );
  const ties = tied.filter((result) => result !== best).map(({ trial }) => trial);
  const classOrderText = permuted ? ', with its classes in another order' : '';
  return {
    conclusion:
      `Most likely trained on ${describe(best.trial)}${classOrderText}: ` +
      `accuracy ${formatPercent(ranking.accuracyOf(best), 1)} on ${count} images` +
      (ties.length > 0 ? `; ties: ${ties.map(describe).join('; ')}.` : '.'),
    preprocessing: best.trial.preprocessing,
    best: best.trial,
    ...(permuted && { classOrder: best.trial.classOrder }),
    trials,
    ties,
    count,
  };
}
