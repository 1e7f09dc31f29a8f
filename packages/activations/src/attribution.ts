import type * as tf from '@tensorflow/tfjs';
import { expectOneOf, type Heatmap, type Images } from '@convlens/core';
import type { ActivationHook } from './graph.js';
import { gradientOf } from './gradient.js';
import { expectClassifier, expectTarget, highestOf, runScores, targetScore } from './scores.js';
import type { Score, Target } from './scores.js';
import { forEachBatch, indexOf, openSubject, pause, type ReadOptions, type Subject } from './subject.js';

export interface ExplainOptions extends ReadOptions {
  /** Which class to explain: its index, its name, 'predicted' (default) or each image's own 'label'. */
  target?: Target;
  /** What of the class: its 'logit' (default) or its 'probability'. */
  score?: Score;
}

/** How much each number that the model reads matters for a class: a pixel method before its channels are collapsed. */
export interface Attribution {
  readonly method: string;
  readonly classIndex: number;
  /** Where the image stands in its set. */
  readonly index: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** height x width x channels, in scores per unit of what the model reads (or in scores, where a method says so). */
  readonly values: Float32Array;
}

/** How the channels of a pixel become one number: their sum, the largest magnitude or the mean of the magnitudes. */
export type Collapse = 'sum' | 'abs-max' | 'abs-mean';

const COLLAPSES = ['sum', 'abs-max', 'abs-mean'] as const;

/** A batch whose classes are known, and what a method may ask of it. */
export interface Explained {
  readonly subject: Subject;
  /** What the model reads, images x height x width x channels; not to be disposed. */
  readonly x: tf.Tensor4D;
  /** The position of the first image. */
  readonly start: number;
  /** One class an image. */
  readonly targets: readonly number[];
  readonly score: Score;
  /** d score of each image's class / d x, at `x`: a new tensor. */
  gradient(x: tf.Tensor4D, hook?: ActivationHook): tf.Tensor4D;
  /** Lets an abort be seen. */
  pause(): Promise<void>;
}

/** Hands batches to `body`, with the class of each image. */
export async function explainBatches(
  model: tf.LayersModel,
  images: Images,
  {
    target = 'predicted',
    score = 'logit',
    batchSize = 32,
    body,
    ...options
  }: ExplainOptions & { body: (batch: Explained) => Promise<void> },
): Promise<void> {
  const subject = openSubject(model, images, options);
  const { plan } = subject;
  const classes = expectClassifier(plan);
  const chosen = expectTarget(target, images, classes);
  expectOneOf('score', score, ['logit', 'probability']);
  const targetsOf = async (x: tf.Tensor4D, start: number): Promise<number[]> => {
    if (chosen === 'label') return [...images.labels!.subarray(start, start + x.shape[0])];
    if (typeof chosen === 'number') return new Array(x.shape[0]).fill(chosen);
    const [scores] = runScores(plan, x);
    try {
      return highestOf(await scores.data(), classes);
    } finally {
      scores.dispose();
    }
  };
  await forEachBatch(subject, { batchSize, ...options }, async (x, start) => {
    const targets = await targetsOf(x, start);
    await body({
      subject,
      x,
      start,
      targets,
      score,
      gradient: (at, hook) => gradientOf((y) => targetScore(plan, y, { targets, score, hook }), at),
      pause: () => pause(options.signal),
    });
  });
}

/** A method that gives each number the model reads a number: a new tensor of the shape of `x`. */
export type PixelMethod = (batch: Explained) => tf.Tensor4D | Promise<tf.Tensor4D>;

/** Runs a pixel method over all images. */
export async function attribute(
  model: tf.LayersModel,
  images: Images,
  { method, compute, ...options }: ExplainOptions & { method: string; compute: PixelMethod },
): Promise<Attribution[]> {
  const { height, width, channels } = images;
  const size = height * width * channels;
  const attributions: Attribution[] = [];
  await explainBatches(model, images, {
    ...options,
    body: async (batch) => {
      const result = await compute(batch);
      try {
        const values = (await result.data()) as Float32Array;
        batch.targets.forEach((classIndex, i) =>
          attributions.push({
            method,
            classIndex,
            index: indexOf(images, batch.start + i),
            height,
            width,
            channels,
            values: values.slice(i * size, (i + 1) * size),
          }),
        );
      } finally {
        result.dispose();
      }
    },
  });
  return attributions;
}

/** Makes one number of the channels of each pixel. A sum keeps the sign, magnitudes do not. */
export function collapseChannels(
  { channels, values, ...attribution }: Attribution,
  { collapse = 'sum' as Collapse } = {},
): Heatmap {
  expectOneOf('collapse', collapse, COLLAPSES);
  const map = new Float32Array(values.length / channels);
  for (let i = 0; i < map.length; i++) {
    let result = 0;
    for (let c = 0; c < channels; c++) {
      const value = values[i * channels + c];
      if (collapse === 'sum') result += value;
      else if (collapse === 'abs-max') result = Math.max(result, Math.abs(value));
      else result += Math.abs(value) / channels;
    }
    map[i] = result;
  }
  const { method, classIndex, index, height, width } = attribution;
  return { method, classIndex, index, height, width, values: map, signed: collapse === 'sum' };
}

export interface PixelOptions extends ExplainOptions {
  /** How the channels of a pixel become one number; each method has its own default. */
  collapse?: Collapse;
}

/** Runs a pixel method over all images and collapses the channels. */
export async function drawAttributions(
  model: tf.LayersModel,
  images: Images,
  { collapse, ...options }: PixelOptions & { method: string; compute: PixelMethod; collapse: Collapse },
): Promise<Heatmap[]> {
  expectOneOf('collapse', collapse, COLLAPSES);
  const attributions = await attribute(model, images, options);
  return attributions.map((attribution) => collapseChannels(attribution, { collapse }));
}
