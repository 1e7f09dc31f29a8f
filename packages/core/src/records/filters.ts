import type { Reduction } from './activations.js';

/** How strongly the activations of each filter prefer one class (Morcos et al., 2018). */
export interface ClassSelectivity {
  /** The name of the layer. */
  readonly layer: string;
  /** How a feature map became one number. */
  readonly reduction: Reduction;
  /** In the order of the labels. */
  readonly classNames: readonly string[];
  /** One per filter that was compared. */
  readonly filters: readonly {
    readonly filter: number;
    /** 0 (equal means for all classes) to 1 (the filter activates on one class only); NaN if the index is not defined. */
    readonly selectivity: number;
    /** The class with the highest mean; of equal ones the lower index; -1 if no class has images. */
    readonly classIndex: number;
    /** The mean reduced activation of that class. */
    readonly mean: number;
    /** The mean of the means of the other classes. */
    readonly restMean: number;
  }[];
}

/** The filter of a layer with the highest reduced activation for each image, counted over a set. */
export interface StrongestFilters {
  /** The name of the layer. */
  readonly layer: string;
  /** How a feature map became one number. */
  readonly reduction: Reduction;
  /** The number of images. */
  readonly imageCount: number;
  /** For each filter of the layer the number of images for which it is the strongest. */
  readonly counts: Uint32Array;
  /** The strongest filter of each image, by the index of the image; absent unless it was requested. */
  readonly entries?: readonly {
    /** The index of the image in its set. */
    readonly index: number;
    readonly label?: number;
    /** The filter; of equal ones the lower; -1 if all reduced activations are NaN. */
    readonly filter: number;
    /** Its reduced activation. */
    readonly score: number;
  }[];
}

/** The similarity of two filters of a layer. */
export interface FilterPair {
  /** The lower index first. */
  readonly filters: readonly [number, number];
  /** Pearson's correlation of their kernels, -1 to 1; NaN if a kernel is constant. */
  readonly correlation: number;
  /** The Jaccard index of their top images, 0 to 1; NaN if there are none. */
  readonly overlap: number;
}

/** The most similar pairs of filters of a layer, which may be near-duplicates. */
export interface SimilarFilters {
  /** The name of the layer. */
  readonly layer: string;
  /** The layer that holds the kernels. */
  readonly kernelLayer: string;
  /** How a feature map became one number. */
  readonly reduction: Reduction;
  /** The number of top images of each filter that were compared. */
  readonly topCount: number;
  /** The similarity that orders the pairs. */
  readonly sortedBy: 'correlation' | 'overlap';
  /** The most similar pair first. */
  readonly pairs: readonly FilterPair[];
}
