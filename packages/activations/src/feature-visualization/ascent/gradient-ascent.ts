import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import { pause } from '../../model/for-each-batch.js';
import { createEncoding } from '../parametrization/parametrization.js';
import { applyCorrection, isPenalty } from '../regularizers/regularizer.js';
import type { Ascent, AscentFrame, AscentResult, AscentSettings } from './ascent.js';
import { EncodedImages } from './encoded-images.js';
import { createImageScorer } from './image-scorer.js';
import { createOptimizer } from './optimizer.js';
import { scoreGradient } from './score-gradient.js';

/** Reads the scores of a step, which must be finite, and disposes the tensor. */
async function readScores(tensor: tf.Tensor1D, { objectives }: Ascent, step: number): Promise<Float32Array> {
  const scores = Float32Array.from(await tensor.data().finally(() => tensor.dispose()));
  const wrong = scores.findIndex((score) => !Number.isFinite(score));
  if (wrong < 0) return scores;
  throw new InputError(
    `Expected ${objectives[wrong].name} to have a finite score, got ${scores[wrong]} at step ${step}: ` +
      'a weight may be NaN, or the step size too large',
  );
}

/** Applies the corrections that are due after a step. */
async function correctImages(
  images: EncodedImages,
  { regularizers, origin }: AscentSettings,
  { gradient, step }: { gradient: tf.Tensor4D; step: number },
): Promise<void> {
  for (const regularizer of regularizers) {
    if (isPenalty(regularizer) || step % (regularizer.every ?? 1) !== 0) continue;
    const corrected = await applyCorrection(regularizer, {
      image: images.pixels,
      gradient,
      origin: origin / 255,
    });
    images.setPixels(corrected);
    corrected.dispose();
  }
}

/**
 * Optimizes a batch of images by gradient ascent, one objective per image.
 *
 * @param start the start images, count x height x width x channels on the scale 0..1; not disposed
 * @throws InputError if a score is not finite.
 */
export async function gradientAscent(start: tf.Tensor4D, ascent: Ascent): Promise<AscentResult> {
  const { settings, signal } = ascent;
  const [, height, width, channels] = start.shape;
  const encoding = createEncoding([height, width, channels], settings);
  const scorer = createImageScorer(ascent);
  const optimizer = createOptimizer(settings.optimizer, encoding.unit);
  const images = new EncodedImages(encoding, start);
  const history: Float32Array[] = [];
  const frames: AscentFrame[] = [];
  const currentScores = () => tf.tidy(() => scorer.scoresOf(images.pixels, {}));
  const keepFrame = async (step: number) => {
    if (settings.frames.includes(step)) frames.push({ step, pixels: await images.read() });
  };
  try {
    const initialValues = await readScores(currentScores(), ascent, 0);
    await keepFrame(0);
    for (let step = 1; step <= settings.steps; step++) {
      await pause(signal);
      const previousScores = history.at(-1) ?? initialValues;
      const { scores, gradient } = scoreGradient(images.pixels, { scorer, settings, previousScores, step });
      try {
        history.push(await readScores(scores, ascent, step));
        images.setParameters(
          tf.tidy(() => optimizer.step(images.parameters, encoding.pullBack(gradient, images.pixels))),
        );
        await correctImages(images, settings, { gradient, step });
        if (settings.range === 'clip') images.clip();
      } finally {
        gradient.dispose();
      }
      await keepFrame(step);
      ascent.onStep(step);
    }
    const finalValues = await readScores(currentScores(), ascent, settings.steps);
    return { pixels: await images.read(), initialValues, finalValues, history, frames };
  } finally {
    for (const resource of [images, encoding, scorer, optimizer]) resource.dispose();
  }
}
