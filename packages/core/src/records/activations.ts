/** How a feature map becomes one number, the reduced activation: its mean or its maximum. */
export type Reduction = 'mean' | 'max';

/** A rectangle of pixels of an image. */
export interface Region {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** The output of a layer for some images. */
export interface FeatureMaps {
  readonly layer: string;
  /** The index of each image in its set. */
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

/** An image that a filter activates on strongly. */
export interface TopActivation {
  /** The index of the image in its set. */
  readonly index: number;
  readonly score: number;
  readonly label?: number;
  /** The position of the maximum of the feature map. */
  readonly row: number;
  readonly column: number;
  /** The region of the image that this position depends on. */
  readonly receptiveField: Region;
}

/** For each filter the images that it activates on most, strongest first; of equal scores the lower index comes first. */
export interface TopActivations {
  readonly layer: string;
  readonly reduction: Reduction;
  /** The most images per filter; default: the largest number that a filter has. */
  readonly limit?: number;
  readonly filters: readonly { readonly filter: number; readonly entries: readonly TopActivation[] }[];
}

/** The mean reduced activation of filters per class. */
export interface ClassActivations {
  readonly layer: string;
  readonly reduction: Reduction;
  readonly classNames: readonly string[];
  /** The number of images of each class. */
  readonly counts: readonly number[];
  /** The filters of the layer that `means` holds. */
  readonly filters: readonly number[];
  /** classes x filters; NaN for a class without images. */
  readonly means: Float64Array;
}
