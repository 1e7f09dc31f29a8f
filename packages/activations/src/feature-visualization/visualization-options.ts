import { expectInteger, expectNumber, expectOneOf, type OptionNames } from '@convlens/core';
import type { InferenceOptions } from '../model/inference-options.js';
import type { AscentSettings } from './ascent/ascent.js';
import { expectOptimizer, type ImageOptimizer } from './ascent/optimizer.js';
import { VISUALIZATION_SCORES, type VisualizationScore } from './objectives/visualization-score.js';
import {
  expectParametrization,
  PIXEL_RANGES,
  type Parametrization,
  type PixelRange,
} from './parametrization/parametrization.js';
import { expectRegularizers, type Regularizer } from './regularizers/regularizer.js';
import type { StartOptions } from './start-images.js';
import { expectTransformations, type Transformation } from './transformations/transformation.js';

/** The options that determine the images, as plain data. */
export interface VisualizationPreset extends StartOptions {
  /**
   * The score of a class: 'logit' (default), 'probability', or 'margin': the log-odds log(p / (1 - p)) of its
   * probability p. A logit can rise together with those of other classes; the margin is positive where the
   * class has more than half of the probability, and its gradient does not vanish as that of p does.
   */
  score?: VisualizationScore;
  /** The parameters that are optimized; default { kind: 'pixels' }. */
  parametrization?: Parametrization;
  /** The range of the pixels: 'free' (default), 'clip' or 'sigmoid'. */
  range?: PixelRange;
  /** The neutral pixel value of the regularizers, 0..255; default 0 if `start` is 'zeros', else 128. */
  origin?: number;
  /** Applied to the image at every step, in this order; default none. */
  transformations?: readonly Transformation[];
  /** Penalties and corrections; corrections are applied in this order. Default none. */
  regularizers?: readonly Regularizer[];
  /** Default { kind: 'ascent' }. */
  optimizer?: ImageOptimizer;
  /** The number of steps; default 100, an integer >= 1. */
  steps?: number;
}

export interface VisualizeFeaturesOptions extends VisualizationPreset, Omit<InferenceOptions, 'indices'> {
  /** The names of the model's classes, for objectives that name a class. */
  classNames?: readonly string[];
  /** The steps after which a frame is kept, 0 (the start image) to `steps`; default none. */
  frames?: readonly number[];
}

export const VISUALIZE_FEATURES_OPTIONS: OptionNames<VisualizeFeaturesOptions> = {
  preprocessing: true,
  inputs: true,
  output: true,
  batchSize: true,
  signal: true,
  onProgress: true,
  start: true,
  noise: true,
  height: true,
  width: true,
  seed: true,
  score: true,
  parametrization: true,
  range: true,
  origin: true,
  transformations: true,
  regularizers: true,
  optimizer: true,
  steps: true,
  classNames: true,
  frames: true,
};

/** The settings with their defaults. Throws an InputError if one is out of range. */
export function resolveSettings(options: VisualizeFeaturesOptions): AscentSettings {
  const settings = {
    score: options.score ?? 'logit',
    parametrization: options.parametrization ?? { kind: 'pixels' as const },
    range: options.range ?? 'free',
    origin: options.origin ?? (options.start === 'zeros' ? 0 : 128),
    transformations: options.transformations ?? [],
    regularizers: options.regularizers ?? [],
    optimizer: options.optimizer ?? { kind: 'ascent' as const },
    steps: options.steps ?? 100,
    frames: options.frames ?? [],
    seed: options.seed ?? 0,
  };
  expectOneOf('score', settings.score, VISUALIZATION_SCORES);
  expectParametrization(settings.parametrization);
  expectOneOf('range', settings.range, PIXEL_RANGES);
  expectNumber('origin', settings.origin, { min: 0, max: 255 });
  expectTransformations(settings.transformations);
  expectRegularizers(settings.regularizers);
  expectOptimizer(settings.optimizer);
  expectInteger('steps', settings.steps, { min: 1 });
  for (const frame of settings.frames) expectInteger('each of frames', frame, { max: settings.steps });
  return settings;
}
