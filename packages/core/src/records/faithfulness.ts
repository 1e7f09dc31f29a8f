import type { Heatmap } from './heatmap.js';

/** The similarity of two heatmaps of one image. NaN where one of them is constant. */
export interface HeatmapSimilarity {
  /** The index of the image in its set. */
  readonly index: number;
  /** Spearman's rank correlation, -1 to 1; equal values share their mean rank. */
  readonly spearman: number;
  /** The rank correlation of the magnitudes: a signed method may change its sign where a weight does. */
  readonly spearmanOfMagnitudes: number;
  /** Structural similarity of the maps scaled to [0, 1], at most 1 (Wang, Bovik, Sheikh, Simoncelli, 2004). */
  readonly ssim: number;
}

/** The heatmaps after the weights of one more layer were randomized. */
export interface SanityStep {
  /** The layer whose weights were randomized; in 'cascading' order those of all earlier steps are random too. */
  readonly layer: string;
  /** One per image. */
  readonly heatmaps: readonly Heatmap[];
  /** With the heatmaps of the trained model, one per image. */
  readonly similarities: readonly HeatmapSimilarity[];
}

/**
 * A sanity check: whether the heatmaps of a method depend on the weights of the model. A method whose heatmaps stay alike
 * while weights are randomized shows the image, not the model (Adebayo et al., Sanity Checks for Saliency Maps, 2018).
 */
export interface SanityCheck {
  /** The id of the method, such as "grad-cam". */
  readonly method: string;
  /** The name of the method as its paper writes it; default: the id. */
  readonly methodTitle?: string;
  /** Whether randomized layers stay random in later steps. */
  readonly order: 'cascading' | 'independent';
  /** The seed of the random weights. */
  readonly seed: number;
  /** Of the trained model, one per image. */
  readonly heatmaps: readonly Heatmap[];
  /** From the layer nearest the output to the first. */
  readonly steps: readonly SanityStep[];
}

/**
 * The score while pixels are changed in the order of a heatmap, highest first. 'deletion' replaces pixels of the image by
 * the baseline; 'insertion' copies pixels of the image into the baseline (Petsiuk, Das, Saenko, RISE, 2018).
 */
export interface PerturbationCurve {
  /** Whether pixels are inserted or deleted. */
  readonly kind: 'insertion' | 'deletion';
  /** The method of the heatmap. */
  readonly method: string;
  /** The name of the method as its paper writes it; default: the id. */
  readonly methodTitle?: string;
  /** The layer that it was computed at; absent for methods that use none. */
  readonly layer?: string;
  /** The class whose score it is. */
  readonly classIndex: number;
  /** The index of the image in its set. */
  readonly index: number;
  /** The fractions of pixels that are changed: 0 to 1, ascending. */
  readonly fractions: Float32Array;
  /** The score at each fraction. */
  readonly scores: Float32Array;
  /** Area under the curve, by the trapezoidal rule: low is good for deletion, high for insertion. */
  readonly auc: number;
}
