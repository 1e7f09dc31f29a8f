import type * as tf from '@tensorflow/tfjs';
import {
  expectImageArray,
  expectOptions,
  InputError,
  type Images,
  type InputDiagnosis,
  type OptionNames,
} from '@convlens/core';
import { predictions } from '../evaluation/predictions.js';
import type { InferenceOptions } from '../model/inference-options.js';
import { readGraph } from '../model/model-graph.js';
import { expectClassScores } from '../model/score-reading.js';
import { selectInput } from '../model/select-input.js';
import { selectOutput } from '../model/select-output.js';
import { expectLabels, expectSameClassCount } from '../observe/labels.js';
import { concludeDiagnosis } from './conclude-diagnosis.js';
import { inputCandidates } from './input-candidates.js';
import { trialResult, type TrialResult } from './trial-result.js';

export interface DiagnoseInputOptions extends Omit<InferenceOptions, 'preprocessing' | 'onProgress'> {
  /** Called after each trial with the number of trials done. */
  onProgress?: (done: number, total: number) => void;
}

const DIAGNOSE_INPUT_OPTIONS: OptionNames<DiagnoseInputOptions> = {
  inputs: true,
  output: true,
  indices: true,
  batchSize: true,
  signal: true,
  onProgress: true,
};

/**
 * Finds the preprocessing, channel order, axis order and class order that a model was most likely trained
 * with: evaluates it on labeled images under all usual combinations (pixels 0..255, 0..1, -1..1 or
 * standardized; RGB or BGR; rows and columns swapped) and all permutations of the classes. A few hundred
 * images suffice. There is no result if the best accuracy is not significantly better than that on shuffled
 * labels.
 *
 * @throws InputError if the images have no labels, or other classes than the model.
 */
export async function diagnoseInput(
  model: tf.LayersModel,
  images: Images,
  options: DiagnoseInputOptions = {},
): Promise<InputDiagnosis> {
  expectOptions('diagnoseInput', options, DIAGNOSE_INPUT_OPTIONS);
  expectImageArray('images', images);
  const { onProgress, indices, inputs: allInputs, ...inferenceOptions } = options;
  const { images: labeled, inputs } = selectInput(images, { indices, inputs: allInputs });
  const labels = expectLabels(labeled);
  expectClassScores(selectOutput(readGraph(model), options.output));
  if (labeled.count === 0) throw new InputError('Expected images to diagnose the input with, got none');
  const candidates = inputCandidates(labeled);
  const results: TrialResult[] = [];
  let classes = 0;
  for (const candidate of candidates) {
    const { preprocessing } = candidate;
    const predicted = await predictions(model, candidate.images, {
      ...inferenceOptions,
      inputs,
      preprocessing,
    });
    classes = predicted[0].probabilities.length;
    expectSameClassCount(labeled, classes);
    results.push(trialResult(candidate, labels, predicted));
    onProgress?.(results.length, candidates.length);
  }
  return concludeDiagnosis(results, labels, classes);
}
