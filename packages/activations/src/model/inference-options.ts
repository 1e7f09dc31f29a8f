import type { OptionNames, Preprocessing } from '@convlens/core';
import type { OutputChoice } from './select-output.js';

/** The values of one input of a model that has several. */
export interface InputValues {
  /** Row-major model inputs: no preprocessing is applied. */
  readonly values: ArrayLike<number>;
  /** One row per image, or one row for all images: [images or 1, ...size]. */
  readonly shape: readonly number[];
}

/** The options of every function that runs a model on images, `f(model, images, options)`. */
export interface InferenceOptions {
  /** The map from pixels 0..255 to model inputs; default UNIT_RANGE. */
  preprocessing?: Preprocessing;
  /**
   * For a model with several inputs: the values of all inputs but one, by name or by index in the order of the model. The images
   * go to the remaining input.
   */
  inputs?: Readonly<Record<string, InputValues>>;
  /** For a model with several outputs: the one whose scores are read, by name or index. */
  output?: OutputChoice;
  /**
   * The positions in `images` of the images to use, in this order; default all. Labels and `inputs` follow;
   * any other list with one entry per image (`target`, `heatmaps`) has one entry per position.
   */
  indices?: ArrayLike<number>;
  /** The number of images per batch, an integer >= 1. */
  batchSize?: number;
  /** Stops the work after the current batch, with the reason of the signal. */
  signal?: AbortSignal;
  /** Called after each batch with the number of images done. */
  onProgress?: (done: number, total: number) => void;
}

export const INFERENCE_OPTIONS: OptionNames<InferenceOptions> = {
  preprocessing: true,
  inputs: true,
  output: true,
  indices: true,
  batchSize: true,
  signal: true,
  onProgress: true,
};
