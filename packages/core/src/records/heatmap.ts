import type { FeatureMaps } from './activations.js';

/** How much each position of an image contributes to a target, by one explanation method. */
export interface Heatmap {
  /** The id of the method, such as "grad-cam". */
  readonly method: string;
  /** The name of the method as its paper writes it, such as "Grad-CAM"; default: the id. */
  readonly methodTitle?: string;
  /** The layer that it was computed at; absent for methods that use none. */
  readonly layer?: string;
  /** -1 if the target is not a class. */
  readonly classIndex: number;
  /** The target, if it is not a class: such as "relu2, channel 3". */
  readonly target?: string;
  /** The index of the image in its set. */
  readonly index: number;
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
  /** height x width. */
  readonly values: Float32Array;
  /** Whether values below zero are evidence against the class (to be rendered with a diverging color map). */
  readonly signed: boolean;
}

/** The gradient of a score with respect to a layer output. */
export interface LayerGradients extends FeatureMaps {
  /** One per image; -1 if the target is not a class. */
  readonly classIndices: readonly number[];
  /** The target, if it is not a class: such as "relu2, channel 3". */
  readonly target?: string;
}
