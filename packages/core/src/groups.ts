/**
 * How strongly a layer answers to groups of images (its classes, or those that the model gets right and wrong): counts
 * and sums, so that records of two parts of a set add up.
 */
export interface GroupActivations {
  readonly layer: string;
  /** How a map becomes one number, its answer. */
  readonly reduction: 'mean' | 'max';
  readonly groupNames: readonly string[];
  /** Images seen of each group. */
  readonly counts: readonly number[];
  readonly channels: number;
  /** groups x channels: of the answers, and of their squares. */
  readonly sums: Float64Array;
  readonly sumsOfSquares: Float64Array;
  /** One a group: of the mean answer of all channels, and of its square. */
  readonly layerSums: Float64Array;
  readonly layerSumsOfSquares: Float64Array;
}

/** How far apart the classes lie in what a layer puts out, beside how far each class spreads. */
export interface ClassSeparability {
  readonly layer: string;
  readonly reduction: 'mean' | 'max';
  readonly classNames: readonly string[];
  readonly counts: readonly number[];
  /** The trace of the scatter between the classes over that of the scatter within them; NaN where both are 0. */
  readonly ratio: number;
  /** The same as a share of the whole scatter, 0 to 1. */
  readonly betweenShare: number;
  /** One a channel: the share of its own variance that the classes explain (eta squared), 0 to 1; NaN if it has none. */
  readonly channels: Float64Array;
}

/** How good it is to take an image for the class whose mean answers are nearest to its own. */
export interface NearestMeans {
  readonly layer: string;
  readonly reduction: 'mean' | 'max';
  readonly count: number;
  readonly right: number;
  /** 0 to 1; NaN without images. */
  readonly accuracy: number;
}

/** How a number differs between two groups. */
export interface GroupDifference {
  readonly means: readonly [number, number];
  /** Of the first group's mean from the second's: above 0 where the first is higher. */
  readonly difference: number;
  /** Cohen's d: the difference in units of the pooled standard deviation; NaN with less than two images in a group. */
  readonly effectSize: number;
}

/** How a layer answers to one group of images beside another. */
export interface GroupComparison {
  readonly layer: string;
  readonly reduction: 'mean' | 'max';
  readonly groupNames: readonly [string, string];
  readonly counts: readonly [number, number];
  /** Of the mean answer of all channels. */
  readonly whole: GroupDifference;
  /** The root of the mean square of the channels' effect sizes, those that are not finite left out. */
  readonly typicalEffect: number;
  readonly channels: readonly GroupDifference[];
}
