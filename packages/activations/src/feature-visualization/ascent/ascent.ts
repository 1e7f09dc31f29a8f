import type * as tf from '@tensorflow/tfjs';
import type { ModelInput } from '../../model/model-input.js';
import type { ResolvedObjective } from '../objectives/objective.js';
import type { VisualizationScore } from '../objectives/visualization-score.js';
import type { Parametrization, PixelRange } from '../parametrization/parametrization.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import type { Transformation } from '../transformations/transformation.js';
import type { ImageOptimizer } from './optimizer.js';

/** The settings of an ascent, checked and with all defaults. */
export interface AscentSettings {
  readonly score: VisualizationScore;
  readonly parametrization: Parametrization;
  readonly range: PixelRange;
  /** The neutral pixel value of the regularizers, 0..255. */
  readonly origin: number;
  readonly transformations: readonly Transformation[];
  readonly regularizers: readonly Regularizer[];
  readonly optimizer: ImageOptimizer;
  readonly steps: number;
  /** The steps after which the images are kept. */
  readonly frames: readonly number[];
  readonly seed: number;
}

/** The gradient ascent of one batch of images. */
export interface Ascent {
  readonly modelInput: ModelInput;
  /** The tensors of the model's other inputs, by number. */
  readonly otherInputs: ReadonlyMap<number, tf.Tensor>;
  /** One per image. */
  readonly objectives: readonly ResolvedObjective[];
  readonly settings: AscentSettings;
  readonly signal?: AbortSignal;
  /** Called after each step. */
  onStep(step: number): void;
}

/** The images after a step. */
export interface AscentFrame {
  readonly step: number;
  /** count x height x width x channels, on the scale 0..1. */
  readonly pixels: Float32Array;
}

/** The result for all images of the batch. */
export interface AscentResult {
  /** count x height x width x channels, on the scale 0..1. */
  readonly pixels: Float32Array;
  /** The score of each start image. */
  readonly initialValues: Float32Array;
  /** The score of each optimized image. */
  readonly finalValues: Float32Array;
  /** For each step the scores of the transformed images. */
  readonly history: readonly Float32Array[];
  readonly frames: readonly AscentFrame[];
}
