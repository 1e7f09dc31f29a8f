import * as tf from '@tensorflow/tfjs';
import {
  expectInteger,
  expectOneOf,
  imageIndex,
  type Heatmap,
  type Images,
  type OptionNames,
} from '@convlens/core';
import { expectGradient } from '../gradients/expect-gradient.js';
import { expectFiniteOutputs } from '../model/expect-finite-outputs.js';
import { expectFiniteWeights } from '../model/finite-weights.js';
import { gradientOf } from '../gradients/gradient.js';
import { forEachBatch, pause } from '../model/for-each-batch.js';
import { INFERENCE_OPTIONS, type InferenceOptions } from '../model/inference-options.js';
import { openModelInput, type ModelInput } from '../model/model-input.js';
import { expectDependsOnImages, runGraph, type ActivationHook, type RunOptions } from '../model/run-graph.js';
import { SCORES, type Score } from '../model/scores.js';
import { resolveTarget } from './targets/resolve-target.js';
import type { ResolvedTarget, Target } from './targets/target.js';

export interface AttributionOptions extends InferenceOptions {
  /**
   * What is explained: a class (default 'predicted'), a channel, a neuron, or a function of the class scores.
   */
  target?: Target;
  /**
   * The score of a class: its 'logit' (default) or 'probability'. A function as target reads the same scores.
   */
  score?: Score;
  /**
   * The number of images per batch, and of copies of images that a method runs together; default 32, an
   * integer >= 1.
   */
  batchSize?: number;
}

export const ATTRIBUTION_OPTIONS: OptionNames<AttributionOptions> = {
  ...INFERENCE_OPTIONS,
  target: true,
  score: true,
};

/** A batch of images with resolved targets, and the computations that attribution methods are made of. */
export interface ExplainBatch {
  readonly modelInput: ModelInput;
  /** The model inputs, images x height x width x channels; not to be disposed. */
  readonly x: tf.Tensor4D;
  /** The position of the first image. */
  readonly start: number;
  /** The largest number of rows of an `x` for `scoreOf` and `gradient`. */
  readonly maxRows: number;
  /** One per image; -1 if the target is not a class. */
  readonly classes: readonly number[];
  /** The fields of a record that describe the target of image `i` of the batch. */
  targetFieldsOf(i: number): Pick<Heatmap, 'classIndex' | 'index' | 'target'>;
  /** A layer output, by its value in the graph: a new tensor. */
  outputOf(value: number): tf.Tensor;
  /** The score of each row of `x`, which holds the batch once or several times: a new tensor. */
  scoreOf(x: tf.Tensor4D, options?: RunOptions): tf.Tensor1D;
  /** The gradient of each row's score with respect to `x`, as in `scoreOf`: a new tensor. */
  gradient(x: tf.Tensor4D, hook?: ActivationHook): tf.Tensor4D;
  /** The gradient of each image's score with respect to a layer output, at `output`: a new tensor. */
  gradientAt<T extends tf.Tensor>(value: number, output: T): T;
  /**
   * Refuses results that are not finite, with the first image and layer where they arise; one list of values per
   * image.
   */
  expectFinite(values: Float32Array): Promise<void>;
  /** Yields to the event loop; throws if the work is aborted. */
  pause(): Promise<void>;
}

/** Computes a value for each channel of each pixel of a batch: a new tensor of the shape of `x`. */
export type PixelMethod = (batch: ExplainBatch) => tf.Tensor4D | Promise<tf.Tensor4D>;

/** A model, images and a target that fit each other. */
export interface ExplainSession {
  readonly modelInput: ModelInput;
  readonly resolvedTarget: ResolvedTarget;
  /** The target in words, for messages. */
  readonly targetName: string;
  /**
   * Refuses a method that needs the gradient of the target with respect to a value of the graph which cannot be
   * computed, before anything runs.
   */
  expectGradientAt(value: number): void;
  /** Calls `body` with each batch of images. */
  forEachBatch(body: (batch: ExplainBatch) => Promise<void>): Promise<void>;
}

/** Other inputs for an `x` that holds the batch several times: their rows are repeated as often. */
function tileInputs(x: tf.Tensor, otherInputs: ReadonlyMap<number, tf.Tensor>): [number, tf.Tensor][] {
  return [...otherInputs].map(([value, input]) => {
    const copies = x.shape[0]! / input.shape[0]!;
    return [value, copies === 1 ? input : tf.tile(input, [copies, ...input.shape.slice(1).map(() => 1)])];
  });
}

/** The score of each row of `x` as a function of `x`: what ExplainBatch.scoreOf computes. */
const scoreFunction =
  (resolvedTarget: ResolvedTarget, classes: readonly number[], otherInputs: ReadonlyMap<number, tf.Tensor>) =>
  (x: tf.Tensor4D, { replace = new Map<number, tf.Tensor>(), ...options }: RunOptions = {}): tf.Tensor1D =>
    tf.tidy(() =>
      resolvedTarget.scoreOf(x, classes, {
        ...options,
        replace: new Map([...tileInputs(x, otherInputs), ...replace]),
      }),
    );

/**
 * Checks a model, images and a target against each other.
 *
 * @throws InputError if they do not fit.
 */
export function openExplainSession(
  model: tf.LayersModel,
  images: Images,
  { target = 'predicted', score = 'logit', batchSize = 32, ...options }: AttributionOptions,
): ExplainSession {
  const modelInput = openModelInput(model, images, options);
  expectOneOf('score', score, SCORES);
  expectInteger('batchSize', batchSize, { min: 1 });
  const resolvedTarget = resolveTarget(modelInput, { target, score });
  const { graph } = modelInput;
  const targetName = resolvedTarget.name ?? (score === 'logit' ? 'the logits' : 'the probabilities');
  expectDependsOnImages(graph, resolvedTarget.value, targetName);
  return {
    modelInput,
    resolvedTarget,
    targetName,
    expectGradientAt: (value) => expectGradient(modelInput, value, resolvedTarget.value),
    async forEachBatch(body) {
      await expectFiniteWeights(graph);
      await forEachBatch(modelInput, { batchSize, ...options }, async (x, start, otherInputs) => {
        const classes = await resolvedTarget.classesOf(x, start, { replace: otherInputs });
        const scoreOf = scoreFunction(resolvedTarget, classes, otherInputs);
        await body({
          modelInput,
          x,
          start,
          maxRows: batchSize,
          classes,
          targetFieldsOf: (i) => ({
            classIndex: classes[i],
            ...(resolvedTarget.name !== undefined && { target: resolvedTarget.name }),
            index: imageIndex(modelInput.images, start + i),
          }),
          outputOf: (value) => runGraph(graph, [x], [value], { replace: otherInputs })[0],
          scoreOf,
          gradient: (point, hook) => gradientOf((y) => tf.sum(scoreOf(y, { hook, gradient: true })), point),
          gradientAt: (value, output) =>
            gradientOf((y) => tf.sum(scoreOf(x, { replace: new Map([[value, y]]), gradient: true })), output),
          expectFinite: (values) => expectFiniteOutputs(modelInput, values, { x, start, otherInputs }),
          pause: () => pause(options.signal),
        });
      });
    },
  };
}
