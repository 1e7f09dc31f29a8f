/** How much each filter prefers one class to the others. */
export interface ClassSelectivity {
  readonly layer: string;
  readonly reduction: 'mean' | 'max';
  readonly classNames: readonly string[];
  readonly filters: readonly {
    readonly filter: number;
    /** From 0 (no class stands out) to 1 (answers to one class alone); NaN where the index is not defined. */
    readonly selectivity: number;
    /** The class with the highest mean; of equal ones the lower index; -1 if no class has images. */
    readonly classIndex: number;
    /** The mean of that class, and the mean of the means of the others. */
    readonly mean: number;
    readonly restMean: number;
  }[];
}

/** Which filter of a layer answers most to each image, counted over a set. */
export interface StrongestFilters {
  readonly layer: string;
  readonly reduction: 'mean' | 'max';
  /** How many images were seen. */
  readonly images: number;
  /** One a filter of the layer: to how many images it answers most. */
  readonly counts: Uint32Array;
  /** Which filter it is for each image, in the order of the index; absent unless it was asked for. */
  readonly entries?: readonly {
    /** Where the image stands in its set. */
    readonly index: number;
    readonly label?: number;
    /** The filter; of equal ones the lower; -1 if every answer is NaN. */
    readonly filter: number;
    readonly score: number;
  }[];
}

/** Two filters that may be near-duplicates. */
export interface FilterPair {
  /** The lower index first. */
  readonly filters: readonly [number, number];
  /** Pearson's correlation of their kernels, -1 to 1; NaN where a kernel is constant. */
  readonly correlation: number;
  /** The images among the top ones of both as a share of those of either (Jaccard), 0 to 1; NaN where there are none. */
  readonly overlap: number;
}

/** How alike the filters of a layer are, the most alike first. */
export interface SimilarFilters {
  readonly layer: string;
  /** The layer that holds the kernels. */
  readonly kernels: string;
  readonly reduction: 'mean' | 'max';
  /** How many top images of each filter were compared. */
  readonly count: number;
  readonly sortedBy: 'correlation' | 'overlap';
  readonly pairs: readonly FilterPair[];
}
