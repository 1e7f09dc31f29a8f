import * as tf from '@tensorflow/tfjs';
import { expectInteger, expectOneOf, type Heatmap, type Images } from '@convlens/core';
import { expectFiniteWeights } from '../model/finite-weights.js';
import { gradientOf } from '../model/gradient.js';
import { expectSeesImages, runPlan, type ActivationHook, type RunOptions } from '../model/graph.js';
import type { Score } from '../model/scores.js';
import {
  forEachBatch,
  indexOf,
  openSubject,
  pause,
  type ReadOptions,
  type Subject,
} from '../model/subject.js';
import { aimAt, type Aim, type Target } from './targets.js';

export interface ExplainOptions extends ReadOptions {
  /** What to explain: a class (default 'predicted'), a channel, a neuron, or a function of the scores. */
  target?: Target;
  /** What of a class: its 'logit' (default) or its 'probability'. A function is given the same of all classes. */
  score?: Score;
}

/** A batch whose targets are known, and what a method may ask of it. */
export interface Explained {
  readonly subject: Subject;
  /** What the model reads, images x height x width x channels; not to be disposed. */
  readonly x: tf.Tensor4D;
  /** The position of the first image. */
  readonly start: number;
  /** How many rows may go through the model at a time. */
  readonly rows: number;
  /** One an image, -1 where no class is explained. */
  readonly classes: readonly number[];
  /** What a record of image `i` of the batch says of what is explained. */
  headOf(i: number): Pick<Heatmap, 'classIndex' | 'index' | 'target'>;
  /** What a layer puts out: a new tensor. */
  outputOf(value: number): tf.Tensor;
  /** The score of each row of `x`, which may hold the batch several times, one after the other: a new tensor. */
  scoreOf(x: tf.Tensor4D, options?: RunOptions): tf.Tensor1D;
  /** d score of each row / d x, at such an `x`: a new tensor. */
  gradient(x: tf.Tensor4D, hook?: ActivationHook): tf.Tensor4D;
  /** d score of each image / d what a layer puts out, at `given`: a new tensor. */
  gradientAt<T extends tf.Tensor>(value: number, given: T): T;
  /** Lets an abort be seen. */
  pause(): Promise<void>;
}

/** A model, images and a target that fit each other. */
export interface Explanation {
  readonly subject: Subject;
  readonly aim: Aim;
  /** What is explained, in words. */
  readonly explained: string;
  /** Hands the images to `body`, batch by batch. */
  forEach(body: (batch: Explained) => Promise<void>): Promise<void>;
}

/** Other inputs beside the batch, repeated as often as `x` holds the batch. */
function beside(x: tf.Tensor, others: ReadonlyMap<number, tf.Tensor>): [number, tf.Tensor][] {
  return [...others].map(([value, other]) => {
    const copies = x.shape[0]! / other.shape[0]!;
    return [value, copies === 1 ? other : tf.tile(other, [copies, ...other.shape.slice(1).map(() => 1)])];
  });
}

/** Checks a model, images and a target against each other. */
export function openExplanation(
  model: tf.LayersModel,
  images: Images,
  { target = 'predicted', score = 'logit', batchSize = 32, ...options }: ExplainOptions,
): Explanation {
  const subject = openSubject(model, images, options);
  expectOneOf('score', score, ['logit', 'probability']);
  expectInteger('batchSize', batchSize, { min: 1 });
  const aim = aimAt(subject, { target, score });
  const { plan } = subject;
  const explained = aim.name ?? (score === 'logit' ? 'the logits' : 'the probabilities');
  expectSeesImages(plan, aim.value, explained);
  return {
    subject,
    aim,
    explained,
    async forEach(body) {
      await expectFiniteWeights(plan);
      await forEachBatch(subject, { batchSize, ...options }, async (x, start, others) => {
        const classes = await aim.classesOf(x, start, { replace: others });
        const scoreOf = (at: tf.Tensor4D, { replace, ...run }: RunOptions = {}) =>
          tf.tidy(() =>
            aim.scoreOf(at, classes, {
              ...run,
              replace: new Map([...beside(at, others), ...(replace ?? [])]),
            }),
          );
        await body({
          subject,
          x,
          start,
          rows: batchSize,
          classes,
          headOf: (i) => ({
            classIndex: classes[i],
            ...(aim.name !== undefined && { target: aim.name }),
            index: indexOf(images, start + i),
          }),
          outputOf: (value) => runPlan(plan, [x], [value], { replace: others })[0],
          scoreOf,
          gradient: (at, hook) => gradientOf((y) => tf.sum(scoreOf(y, { hook, gradient: true })), at),
          gradientAt: (value, given) =>
            gradientOf((y) => tf.sum(scoreOf(x, { replace: new Map([[value, y]]), gradient: true })), given),
          pause: () => pause(options.signal),
        });
      });
    },
  };
}
