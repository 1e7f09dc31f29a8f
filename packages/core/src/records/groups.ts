import type { Reduction } from './activations.js';

/**
 * Sums of the reduced activations of a layer for groups of images, such as its classes, or the images that are classified
 * correctly and wrongly. The sums of two parts of a set add up to those of the whole set.
 */
export interface GroupActivations {
  /** The name of the layer. */
  readonly layer: string;
  /** How a feature map became one number. */
  readonly reduction: Reduction;
  /** The names of the groups. */
  readonly groupNames: readonly string[];
  /** The number of images of each group. */
  readonly counts: readonly number[];
  /** The number of channels of the layer. */
  readonly channels: number;
  /** groups x channels: the sum of the reduced activations. */
  readonly sums: Float64Array;
  /** groups x channels: the sum of their squares. */
  readonly sumsOfSquares: Float64Array;
  /** For each group the sum over its images of the mean reduced activation of all channels. */
  readonly layerSums: Float64Array;
  /** For each group the sum of the squares of these means. */
  readonly layerSumsOfSquares: Float64Array;
}

/** How well the classes are separated in the outputs of a layer: the scatter between classes, and within them. */
export interface ClassSeparability {
  /** The name of the layer. */
  readonly layer: string;
  /** How a feature map became one number. */
  readonly reduction: Reduction;
  /** In the order of the labels. */
  readonly classNames: readonly string[];
  /** The number of images of each class. */
  readonly counts: readonly number[];
  /** The trace of the between-class scatter over that of the within-class scatter (Fukunaga); NaN if both are 0. */
  readonly ratio: number;
  /** The between-class scatter as a fraction of the total scatter, 0 to 1. */
  readonly betweenFraction: number;
  /** For each channel the fraction of its variance that the classes explain (eta squared), 0 to 1; NaN without variance. */
  readonly etaSquared: Float64Array;
}

/** The accuracy of the nearest-class-mean classifier on the outputs of a layer (Mensink et al., 2013). */
export interface NearestClassMean {
  /** The name of the layer. */
  readonly layer: string;
  /** How a feature map became one number. */
  readonly reduction: Reduction;
  /** The number of images, and of those that are classified correctly. */
  readonly count: number;
  /** The number of images that are classified correctly. */
  readonly correct: number;
  /** 0 to 1; NaN without images. */
  readonly accuracy: number;
}

/** The difference of a number between two groups. */
export interface GroupDifference {
  /** The mean of each group. */
  readonly means: readonly [number, number];
  /** The first mean minus the second. */
  readonly difference: number;
  /** Cohen's d: the difference in units of the pooled standard deviation; NaN if a group has fewer than two images. */
  readonly effectSize: number;
}

/** The reduced activations of a layer for one group of images compared with those for another group. */
export interface GroupComparison {
  /** The name of the layer. */
  readonly layer: string;
  /** How a feature map became one number. */
  readonly reduction: Reduction;
  /** The names of both groups. */
  readonly groupNames: readonly [string, string];
  /** The number of images of each group. */
  readonly counts: readonly [number, number];
  /** The difference of the mean reduced activation of all channels. */
  readonly overall: GroupDifference;
  /** The root mean square of the effect sizes of the channels that have a finite one. */
  readonly rmsEffectSize: number;
  /** One per channel of the layer. */
  readonly channels: readonly GroupDifference[];
}
