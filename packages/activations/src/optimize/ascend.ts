import { InputError, randomAt } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { gradientOf } from '../model/gradient.js';
import { runPlan, type RunOptions } from '../model/graph.js';
import { runScores, type Score } from '../model/scores.js';
import { pause, readLevel, type Subject } from '../model/subject.js';
import { createScorer, SCORES, type ResolvedObjective, type Scorer } from './objective.js';
import { createClimber, type ImageOptimizer } from './optimizer.js';
import { createEncoding, type Parametrization, type PixelRange } from './parametrization.js';
import { openUnits } from './redirect.js';
import { correct, isPenalty, penaltyOf, type Regularizer } from './regularizer.js';
import { drawChange, type Transformation } from './transformation.js';

/** What an ascent does: everything but the model, the objectives and the images to start from. */
export interface AscentSettings {
  readonly score: Score;
  readonly parametrization: Parametrization;
  readonly range: PixelRange;
  /** The level that stands for nothing, 0 to 255. */
  readonly origin: number;
  readonly transformations: readonly Transformation[];
  readonly regularizers: readonly Regularizer[];
  readonly optimizer: ImageOptimizer;
  readonly steps: number;
  /** The steps after which the images are kept. */
  readonly frames: readonly number[];
  readonly seed: number;
}

export interface Ascent {
  readonly subject: Subject;
  /** What the model's other inputs read. */
  readonly others: ReadonlyMap<number, tf.Tensor>;
  /** One an image. */
  readonly objectives: readonly ResolvedObjective[];
  readonly settings: AscentSettings;
  readonly signal?: AbortSignal;
  onStep(step: number): void;
}

/** What came of it, for all images together. */
export interface Ascended {
  /** On the scale 0..1, count x height x width x channels. */
  readonly image: Float32Array;
  readonly before: Float32Array;
  readonly after: Float32Array;
  /** The scores of each step. */
  readonly history: readonly Float32Array[];
  readonly frames: readonly { readonly step: number; readonly image: Float32Array }[];
}

/** For so many steps every climb may pass closed units, as long as Lucid gives it; then those whose score is still 0. */
const OPENING_STEPS = 16;

/** Scores of images on the scale 0..1, as the model reads them. */
function scorerOf({ subject, others, settings }: Ascent, scorer: Scorer) {
  const [black, white] = [0, 255].map((level) => readLevel(subject, level));
  const slope = tf.tensor1d(white.map((value, c) => value - black[c]));
  const offset = tf.tensor1d(black);
  const scoresOf = (image: tf.Tensor4D, options: RunOptions): tf.Tensor1D => {
    const x = tf.add(tf.mul(image, slope), offset);
    const wanted = scorer.sources.filter((source) => source !== SCORES);
    const run = { ...options, replace: others };
    if (wanted.length === scorer.sources.length)
      return scorer.scoresOf(runPlan(subject.plan, [x], wanted, run));
    const [scores, ...values] = runScores(subject.plan, x, { ...run, score: settings.score, wanted });
    const ordered = scorer.sources.map((source) =>
      source === SCORES ? scores : values[wanted.indexOf(source)],
    );
    return scorer.scoresOf(ordered);
  };
  return { scoresOf, dispose: () => tf.dispose([slope, offset]) };
}

async function valuesOf(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return Float32Array.from(await tensor.data());
  } finally {
    tensor.dispose();
  }
}

function expectFinite(scores: Float32Array, { objectives }: Ascent, step: number): Float32Array {
  const wrong = scores.findIndex((score) => !Number.isFinite(score));
  if (wrong < 0) return scores;
  throw new InputError(
    `Expected ${objectives[wrong].name} to have a finite score, got ${scores[wrong]} at step ${step}: ` +
      'a weight may be NaN, or steps too long',
  );
}

/** Climbs from the given images (scale 0..1, not disposed), one objective each, all in one batch. */
export async function ascend(start: tf.Tensor4D, ascent: Ascent): Promise<Ascended> {
  const { settings, signal } = ascent;
  const { transformations, regularizers, range, steps, seed } = settings;
  const [, height, width, channels] = start.shape;
  const encoding = createEncoding([height, width, channels], settings);
  const scorer = createScorer(ascent.objectives);
  const { scoresOf, dispose } = scorerOf(ascent, scorer);
  const climber = createClimber(settings.optimizer, encoding.unit);
  const penalties = regularizers.filter(isPenalty);
  const corrections = regularizers.filter((one) => !isPenalty(one));
  const origin = settings.origin / 255;
  const history: Float32Array[] = [];
  let before: Float32Array = new Float32Array(ascent.objectives.length);

  const closedAt = (step: number): tf.Tensor1D | undefined => {
    const early = step <= OPENING_STEPS;
    const closed = Float32Array.from(history.at(-1) ?? before, (score) => Number(early || score === 0));
    return closed.some(Boolean) ? tf.tensor1d(closed) : undefined;
  };

  /** The scores of a step, and their gradient (penalties taken off) with respect to the image: new tensors. */
  const look = (image: tf.Tensor4D, step: number) => {
    const changes = transformations.map((one, i) =>
      drawChange(one, randomAt(seed, 'optimize-images', step, i)),
    );
    const closed = closedAt(step);
    const hook = closed && openUnits(closed);
    let scores: tf.Tensor1D | undefined;
    try {
      const gradient = gradientOf((x: tf.Tensor4D) => {
        const seen = changes.reduce((y, change) => change(y), x);
        const own = scoresOf(seen, { hook, gradient: true });
        scores = tf.keep(own.clone());
        const costs = penalties.map((one) => tf.mul(penaltyOf(x, one, origin), one.weight));
        return tf.sum<tf.Scalar>(costs.reduce<tf.Tensor>((sum, cost) => tf.sub(sum, cost), own));
      }, image);
      return { scores: scores!, gradient };
    } catch (error) {
      scores?.dispose();
      throw error;
    } finally {
      closed?.dispose();
    }
  };

  let parameters = encoding.encode(start);
  let image = encoding.decode(parameters);
  const replace = (next: tf.Tensor4D) => {
    tf.dispose([parameters, image]);
    parameters = next;
    image = encoding.decode(parameters);
  };
  const clip = () => {
    if (range === 'clip') replace(tf.tidy(() => encoding.encode(tf.clipByValue(image, 0, 1))));
  };
  const plainScores = (step: number) =>
    valuesOf(tf.tidy(() => scoresOf(image, {}))).then((scores) => expectFinite(scores, ascent, step));
  const frames: { step: number; image: Float32Array }[] = [];
  const keepFrame = async (step: number) => {
    if (settings.frames.includes(step)) frames.push({ step, image: Float32Array.from(await image.data()) });
  };

  try {
    before = await plainScores(0);
    await keepFrame(0);
    for (let step = 1; step <= steps; step++) {
      await pause(signal);
      const { scores, gradient } = look(image, step);
      try {
        history.push(expectFinite(await valuesOf(scores), ascent, step));
        replace(tf.tidy(() => climber.climb(parameters, encoding.pullBack(gradient, image))));
        for (const correction of corrections) {
          if (step % (correction.every ?? 1) !== 0) continue;
          const corrected = await correct(correction, { image, gradient, origin });
          replace(tf.tidy(() => encoding.encode(corrected)));
          corrected.dispose();
        }
        clip();
      } finally {
        gradient.dispose();
      }
      await keepFrame(step);
      ascent.onStep(step);
    }
    const after = await plainScores(steps);
    return { image: Float32Array.from(await image.data()), before, after, history, frames };
  } finally {
    tf.dispose([parameters, image]);
    for (const one of [encoding, scorer, climber]) one.dispose();
    dispose();
  }
}
