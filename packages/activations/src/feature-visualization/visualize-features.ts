import {
  expectObject,
  expectList,
  expectInteger,
  expectOptions,
  InputError,
  type ImageObjective,
  type OptimizedImage,
} from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { forEachBatch } from '../model/for-each-batch.js';
import { expectGradient } from '../gradients/expect-gradient.js';
import { openModelInput, type ModelInput } from '../model/model-input.js';
import type { AscentResult } from './ascent/ascent.js';
import { gradientAscent } from './ascent/gradient-ascent.js';
import { CLASS_SCORES, type ResolvedObjective } from './objectives/objective.js';
import { resolveObjectives } from './objectives/resolve-objectives.js';
import { startImages } from './start-images.js';
import {
  resolveSettings,
  VISUALIZE_FEATURES_OPTIONS,
  type VisualizeFeaturesOptions,
} from './visualization-options.js';

/** The fields of the record of image `i` that come from the ascent. */
function recordOf(
  { pixels, initialValues, finalValues, history, frames }: AscentResult,
  i: number,
  size: number,
) {
  const imagePixels = (values: Float32Array) =>
    values.slice(i * size, (i + 1) * size).map((value) => value * 255);
  return {
    pixels: imagePixels(pixels),
    initialValue: initialValues[i],
    finalValue: finalValues[i],
    history: Float32Array.from(history, (scores) => scores[i]),
    frames: frames.map((frame) => ({ step: frame.step, pixels: imagePixels(frame.pixels) })),
  };
}

/** Refuses objectives whose gradient cannot be computed, before anything runs. */
function expectGradients(modelInput: ModelInput, objectives: readonly ResolvedObjective[]): void {
  const { inputs, outputs } = modelInput.graph;
  for (const { source } of objectives.flatMap(({ parts }) => parts))
    expectGradient(modelInput, inputs[0], source === CLASS_SCORES ? outputs[0] : source);
}

/**
 * Feature visualization: one image per objective, optimized from a start image by gradient ascent so that the
 * model activates on it (Erhan, Bengio, Courville, Vincent, Visualizing Higher-Layer Features of a Deep
 * Network, 2009). The images of a batch (`batchSize`, default 64) are optimized together, but do not depend
 * on each other: all have the same start and the same transformations. The same seed gives the same images.
 * `onProgress` is called after each step, with the steps of all batches as the total.
 *
 * @throws InputError if an option or objective does not fit the model, or a score is not finite.
 */
export async function visualizeFeatures(
  model: tf.LayersModel,
  objectives: readonly ImageObjective[],
  options: VisualizeFeaturesOptions = {},
): Promise<OptimizedImage[]> {
  expectOptions('visualizeFeatures', options, VISUALIZE_FEATURES_OPTIONS);
  expectList('objectives', objectives, expectObject);
  const { preprocessing, inputs, output, classNames = [], batchSize = 64, signal, onProgress } = options;
  const settings = resolveSettings(options);
  expectInteger('batchSize', batchSize, { min: 1 });
  if (!objectives.length) throw new InputError('Expected at least one objective, got none');
  const startSet = startImages(model, { ...options, count: objectives.length, classNames });
  const modelInput = openModelInput(model, startSet, { preprocessing, inputs, output });
  const resolved = resolveObjectives(modelInput, objectives);
  expectGradients(modelInput, resolved);
  const { height, width, channels } = startSet;
  const size = height * width * channels;
  const totalSteps = Math.ceil(objectives.length / batchSize) * settings.steps;
  const records: OptimizedImage[] = [];
  await forEachBatch(modelInput, { batchSize, signal }, async (x, first, otherInputs) => {
    const end = first + x.shape[0];
    const stepsBefore = Math.floor(first / batchSize) * settings.steps;
    const levels = Float32Array.from(startSet.pixels.slice(first * size, end * size));
    const start = tf.tidy(() => tf.div<tf.Tensor4D>(tf.tensor4d(levels, x.shape), 255));
    try {
      const result = await gradientAscent(start, {
        modelInput,
        otherInputs,
        objectives: resolved.slice(first, end),
        settings,
        signal,
        onStep: (step) => onProgress?.(stepsBefore + step, totalSteps),
      });
      for (let i = 0; i < end - first; i++) {
        const [objective, { name }] = [objectives[first + i], resolved[first + i]];
        records.push({ objective, name, height, width, channels, ...recordOf(result, i, size) });
      }
    } finally {
      start.dispose();
    }
  });
  return records;
}
