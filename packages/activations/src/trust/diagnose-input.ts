import type * as tf from '@tensorflow/tfjs';
import { InputError, randomAt, type Images, type InputDiagnosis, type InputTrial } from '@convlens/core';
import { bestAssignment } from './assignment.js';
import { inputCandidates } from './input-candidates.js';
import { expectLabels } from '../stream/labels.js';
import { predictions } from '../stream/predictions.js';
import type { ReadOptions } from '../model/subject.js';

export type DiagnoseInputOptions = Omit<ReadOptions, 'preprocessing'>;

/** What a model said in a trial, to compare it by. */
interface Outcome {
  readonly trial: InputTrial;
  /** Mean cross-entropy of the label, and after the classes are renamed. */
  readonly loss: number;
  readonly renamedLoss: number;
  readonly predicted: readonly number[];
}

/** How many standard deviations from chance count as more than chance. */
const CLEAR = 4;
/** How many of them make two ways to feed differ. */
const DIFFERENT = 2;
const SHUFFLES = 30;

const shareOf = (hits: readonly boolean[]) => hits.filter(Boolean).length / hits.length;

/** labels x classes: how often each class was said for each label. */
function countsOf(labels: ArrayLike<number>, predicted: readonly number[], classes: number): Float64Array {
  const counts = new Float64Array(classes * classes);
  predicted.forEach((said, i) => counts[said * classes + labels[i]]++);
  return counts;
}

/** The label that each class of the model stands for if that makes it right most often, and how often it then is. */
function rename(labels: ArrayLike<number>, predicted: readonly number[], classes: number) {
  const order = bestAssignment(countsOf(labels, predicted, classes), classes);
  return { order, accuracy: shareOf(predicted.map((said, i) => order[said] === labels[i])) };
}

/** The accuracy that labels in random order seldom exceed, as they are and after the best renaming. */
function chance(labels: Int32Array, predicted: readonly number[], classes: number) {
  const accuracies: [number[], number[]] = [[], []];
  for (let k = 0; k < SHUFFLES; k++) {
    const random = randomAt(0, 'diagnose-input', k);
    const shuffled = labels.slice();
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
    }
    accuracies[0].push(shareOf(predicted.map((said, i) => said === shuffled[i])));
    accuracies[1].push(rename(shuffled, predicted, classes).accuracy);
  }
  const [given, renamed] = accuracies.map((list) => {
    const mean = list.reduce((a, b) => a + b) / list.length;
    const deviation = Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
    return mean + CLEAR * deviation;
  });
  return { given, renamed };
}

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
const describe = ({ scaling, channelOrder, axes }: InputTrial) =>
  [
    scaling,
    ...(channelOrder === 'bgr' ? ['BGR'] : []),
    ...(axes === 'transposed' ? ['transposed axes'] : []),
  ].join(', ');

const changesOf = ({ channelOrder, axes }: InputTrial) =>
  Number(channelOrder !== 'given') + Number(axes !== 'given');

/** Those that are right on about the same images as the best: what differs may be chance (McNemar, 1947). */
function notWorse(outcomes: readonly Outcome[], hitsOf: (outcome: Outcome) => boolean[]): Outcome[] {
  const best = hitsOf(outcomes[0]);
  return outcomes.filter((outcome) => {
    const hits = hitsOf(outcome);
    const won = best.filter((hit, i) => hit && !hits[i]).length;
    const lost = hits.filter((hit, i) => hit && !best[i]).length;
    return won - lost <= DIFFERENT * Math.sqrt(won + lost);
  });
}

/**
 * Feeds a model labelled images in every usual way (pixels 0..255, [0, 1], [-1, 1] or standardized; RGB or BGR; rows and
 * columns exchanged; classes in another order) and says which it was most likely trained on. A few hundred images suffice.
 * Nothing is concluded where the best accuracy may be chance, by comparison with shuffled labels.
 */
export async function diagnoseInput(
  model: tf.LayersModel,
  images: Images,
  { onProgress, ...options }: DiagnoseInputOptions = {},
): Promise<InputDiagnosis> {
  const labels = expectLabels(images);
  const { count } = images;
  if (count === 0) throw new InputError('Expected images to diagnose the input by, got none');
  const candidates = inputCandidates(images);
  const outcomes: Outcome[] = [];
  let classes = 0;
  for (const { images: fed, ...way } of candidates) {
    const said = await predictions(model, fed, { ...options, preprocessing: way.preprocessing });
    classes = said[0].probabilities.length;
    if (classes !== images.classNames.length)
      throw new InputError(
        `Expected a model for the ${images.classNames.length} classes of the images, got one for ${classes}`,
      );
    const predicted = said.map((one) => one.predicted);
    const { order: classOrder, accuracy: renamedAccuracy } = rename(labels, predicted, classes);
    const lossOf = (classOfLabel: (label: number) => number) =>
      said.reduce(
        (sum, { probabilities }, i) =>
          sum - Math.log(Math.max(2 ** -126, probabilities[classOfLabel(labels[i])])),
        0,
      ) / count;
    outcomes.push({
      trial: {
        ...way,
        accuracy: shareOf(predicted.map((one, i) => one === labels[i])),
        renamedAccuracy,
        classOrder,
      },
      loss: lossOf((label) => label),
      renamedLoss: lossOf((label) => classOrder.indexOf(label)),
      predicted,
    });
    onProgress?.(outcomes.length, candidates.length);
  }
  return conclude(outcomes, labels, classes);
}

function conclude(outcomes: readonly Outcome[], labels: Int32Array, classes: number): InputDiagnosis {
  const count = labels.length;
  const byAccuracy = [...outcomes].sort((a, b) => b.trial.accuracy - a.trial.accuracy || a.loss - b.loss);
  const byRenamed = [...outcomes].sort(
    (a, b) => b.trial.renamedAccuracy - a.trial.renamedAccuracy || a.renamedLoss - b.renamedLoss,
  );
  const [given, renamed] = [byAccuracy[0].trial, byRenamed[0].trial];
  const share = renamed.renamedAccuracy;
  const spread = Math.sqrt((share * (1 - share)) / count);
  const isRenamed =
    share > chance(labels, byRenamed[0].predicted, classes).renamed &&
    share - given.accuracy > CLEAR * spread;
  const ranked = isRenamed ? byRenamed : byAccuracy;
  const equal = notWorse(ranked, ({ predicted, trial }) =>
    predicted.map((said, i) => (isRenamed ? trial.classOrder[said] : said) === labels[i]),
  );
  // Of those that are right equally often: the one with fewest changes, then the one that is surest where it is right.
  const lossOf = (outcome: Outcome) => (isRenamed ? outcome.renamedLoss : outcome.loss);
  const [best] = [...equal].sort((a, b) => changesOf(a.trial) - changesOf(b.trial) || lossOf(a) - lossOf(b));
  const trials = ranked.map(({ trial }) => trial);
  const rate = isRenamed ? best.trial.renamedAccuracy : best.trial.accuracy;
  const threshold = isRenamed ? 0 : chance(labels, byAccuracy[0].predicted, classes).given;
  if (!isRenamed && given.accuracy <= threshold)
    return {
      conclusion:
        `Nothing stands out: of ${trials.length} ways to feed the model the best (${describe(given)}) is right for ` +
        `${percent(given.accuracy)} of ${count} images, and chance reaches ${percent(threshold)}.`,
      trials,
      equals: trials.filter((trial) => equal.some((one) => one.trial === trial)),
      count,
    };
  const equals = equal.filter((one) => one !== best).map(({ trial }) => trial);
  return {
    conclusion:
      `Most likely trained on ${describe(best.trial)}${isRenamed ? ', with its classes in another order' : ''}: right for ` +
      `${percent(rate)} of ${count} images` +
      (equals.length > 0 ? `; no worse by number: ${equals.map(describe).join('; ')}.` : '.'),
    preprocessing: best.trial.preprocessing,
    best: best.trial,
    ...(isRenamed && { classOrder: best.trial.classOrder }),
    trials,
    equals,
    count,
  };
}
