/** A rectangle of pixels of an image. */
export interface Region {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** What a layer puts out for some images. */
export interface FeatureMaps {
  readonly layer: string;
  /** Where each image stands in the set it was taken from. */
  readonly indices: readonly number[];
  readonly count: number;
  /** 1 x 1 for a dense layer, whose units are the channels. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** count x height x width x channels. */
  readonly values: Float32Array;
}

/** The kernels of a convolution. */
export interface FilterBank {
  readonly layer: string;
  readonly height: number;
  readonly width: number;
  readonly inChannels: number;
  readonly filters: number;
  /** height x width x inChannels x filters. */
  readonly values: Float32Array;
}

/** One image that a filter answers to strongly. */
export interface TopActivation {
  /** Where the image stands in its set. */
  readonly index: number;
  readonly score: number;
  readonly label?: number;
  /** Where in the map the filter answered most. */
  readonly row: number;
  readonly column: number;
  /** The part of the image that this place of the map sees. */
  readonly field: Region;
}

/** For each filter the images it answers to most, strongest first; of equal scores the lower index comes first. */
export interface TopActivations {
  readonly layer: string;
  /** How a map becomes one number. */
  readonly reduction: 'mean' | 'max';
  /** How many images are kept for each filter at most; default the largest number that a filter has. */
  readonly limit?: number;
  readonly filters: readonly { readonly filter: number; readonly entries: readonly TopActivation[] }[];
}

/** How strongly filters answer to each class on average. */
export interface ClassActivations {
  readonly layer: string;
  readonly reduction: 'mean' | 'max';
  readonly classNames: readonly string[];
  /** Images seen of each class. */
  readonly counts: readonly number[];
  /** Which filters of the layer `means` holds. */
  readonly filters: readonly number[];
  /** classes x filters; NaN for a class without images. */
  readonly means: Float64Array;
}

/** How much each place of an image matters for a class, by some method. */
export interface Heatmap {
  readonly method: string;
  readonly layer?: string;
  /** -1 where no class is explained. */
  readonly classIndex: number;
  /** What is explained, where it is no class: such as "relu2, channel 3". */
  readonly target?: string;
  /** Where the image stands in its set. */
  readonly index: number;
  readonly height: number;
  readonly width: number;
  /** height x width. */
  readonly values: Float32Array;
  /** Whether values below zero speak against the class (draw with a diverging colour map). */
  readonly signed: boolean;
}

/** The gradient of a score with respect to what a layer puts out. */
export interface LayerGradients extends FeatureMaps {
  /** One an image; -1 where no class is explained. */
  readonly classIndices: readonly number[];
  /** What is explained, where it is no class: such as "relu2, channel 3". */
  readonly target?: string;
}
