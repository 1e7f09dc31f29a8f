import {
  expectInteger,
  expectNumber,
  expectOneOf,
  InputError,
  type ImageObjective,
  type OptimizedImage,
} from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import type { Score } from '../model/scores.js';
import { forEachBatch, openSubject, type ReadOptions } from '../model/subject.js';
import { ascend, type Ascended, type AscentSettings } from './ascend.js';
import { resolveObjectives } from './objective.js';
import { expectOptimizer, type ImageOptimizer } from './optimizer.js';
import { PIXEL_RANGES, type Parametrization, type PixelRange } from './parametrization.js';
import { expectRegularizers, type Regularizer } from './regularizer.js';
import { startImages, type StartOptions } from './start-images.js';
import { expectTransformations, type Transformation } from './transformation.js';

/** How images are made: plain data, to be saved as a recipe. */
export interface ImageRecipe extends StartOptions {
  /** What of a class: its 'logit' (default) or its 'probability'. */
  score?: Score;
  /** Default { kind: 'pixels' }. */
  parametrization?: Parametrization;
  /** Where pixels may go; default 'free'. */
  range?: PixelRange;
  /** The level that regularizers take for nothing, 0 to 255; default 0 where `start` is 'zeros', else 128. */
  origin?: number;
  /** What every step does to the image before the model sees it, in this order; default nothing. */
  transformations?: readonly Transformation[];
  /** What keeps the image plain; corrections in this order. Default nothing. */
  regularizers?: readonly Regularizer[];
  /** Default { kind: 'ascent' }. */
  optimizer?: ImageOptimizer;
  /** Default 100, an integer >= 1. */
  steps?: number;
}

export interface OptimizeImagesOptions extends ImageRecipe, ReadOptions {
  /** The classes' names, for objectives that use them. */
  classNames?: readonly string[];
  /** The steps after which the images are kept, 0 (the start) to `steps`; default none. */
  frames?: readonly number[];
}

function expectSettings(options: OptimizeImagesOptions): AscentSettings {
  const {
    score = 'logit',
    parametrization = { kind: 'pixels' },
    range = 'free',
    origin = options.start === 'zeros' ? 0 : 128,
    transformations = [],
    regularizers = [],
    optimizer = { kind: 'ascent' },
    steps = 100,
    frames = [],
    seed = 0,
  } = options;
  expectOneOf('score', score, ['logit', 'probability']);
  expectOneOf('range', range, PIXEL_RANGES);
  expectNumber('origin', origin, { min: 0, max: 255 });
  expectTransformations(transformations);
  expectRegularizers(regularizers);
  expectOptimizer(optimizer);
  expectInteger('steps', steps, { min: 1 });
  for (const frame of frames) expectInteger('each of frames', frame, { max: steps });
  return {
    score,
    parametrization,
    range,
    origin,
    transformations,
    regularizers,
    optimizer,
    steps,
    frames,
    seed,
  };
}

/**
 * Makes images that parts of a model answer to strongly, one an objective, by climbing the gradient of the objective from
 * an image (Erhan, Bengio, Courville, Vincent, Visualizing Higher-Layer Features of a Deep Network, 2009). All images of a
 * batch (`batchSize`, default 64) are climbed together, and each is what it would be alone: same start, same
 * transformations. A function of the options: the same seed makes the same images.
 *
 * Throws an InputError on what does not fit the model, and if a score is no finite number. `onProgress` is told of steps,
 * over all batches.
 */
export async function optimizeImages(
  model: tf.LayersModel,
  objectives: readonly ImageObjective[],
  options: OptimizeImagesOptions = {},
): Promise<OptimizedImage[]> {
  const { preprocessing, inputs, classNames = [], batchSize = 64, signal, onProgress } = options;
  const settings = expectSettings(options);
  expectInteger('batchSize', batchSize, { min: 1 });
  if (!objectives.length) throw new InputError('Expected at least one objective, got none');
  const started = startImages(model, { ...options, count: objectives.length, classNames });
  const subject = openSubject(model, started, { preprocessing, inputs });
  const resolved = resolveObjectives(subject, objectives);
  const { height, width, channels } = started;
  const size = height * width * channels;
  const batches = Math.ceil(objectives.length / batchSize);
  const records: OptimizedImage[] = [];
  await forEachBatch(subject, { batchSize, signal }, async (x, from, others) => {
    const to = from + x.shape[0];
    const done = Math.floor(from / batchSize) * settings.steps;
    const levels = started.pixels.slice(from * size, to * size);
    const start = tf.tidy(() => tf.div<tf.Tensor4D>(tf.tensor4d(Float32Array.from(levels), x.shape), 255));
    try {
      const ascended = await ascend(start, {
        ...{ subject, others, settings, signal },
        objectives: resolved.slice(from, to),
        onStep: (step) => onProgress?.(done + step, batches * settings.steps),
      });
      for (let i = 0; i < to - from; i++) {
        const { name } = resolved[from + i];
        const objective = objectives[from + i];
        records.push({ objective, name, height, width, channels, ...recordOf(ascended, i, size) });
      }
    } finally {
      start.dispose();
    }
  });
  return records;
}

/** What came of one of the images. */
function recordOf({ image, before, after, history, frames }: Ascended, i: number, size: number) {
  const pixelsOf = (values: Float32Array) =>
    values.slice(i * size, (i + 1) * size).map((value) => value * 255);
  return {
    pixels: pixelsOf(image),
    before: before[i],
    after: after[i],
    history: Float32Array.from(history, (scores) => scores[i]),
    frames: frames.map((frame) => ({ step: frame.step, pixels: pixelsOf(frame.image) })),
  };
}
