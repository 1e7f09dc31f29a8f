/** How a feature map becomes one number, the reduced activation: its mean or its maximum. */
export type Reduction = 'mean' | 'max';

/** A rectangle of pixels of an image. */
export interface Region {
  /** The first row, 0-based. */
  readonly top: number;
  /** The first column, 0-based. */
  readonly left: number;
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
}

/** The output of a layer for some images. */
export interface FeatureMaps {
  /** The name of the layer. */
  readonly layer: string;
  /** The index of each image in its set. */
  readonly indices: readonly number[];
  /** The number of images. */
  readonly count: number;
  /** 1 x 1 for a dense layer, whose units are the channels. */
  readonly height: number;
  /** In pixels of the feature map; 1 for a dense layer. */
  readonly width: number;
  /** The number of filters or units. */
  readonly channels: number;
  /** count x height x width x channels. */
  readonly values: Float32Array;
}

/** The kernels of a convolution. */
export interface FilterBank {
  /** The name of the convolution. */
  readonly layer: string;
  /** Of a kernel. */
  readonly height: number;
  /** Of a kernel. */
  readonly width: number;
  /** The number of channels that the convolution reads. */
  readonly inChannels: number;
  /** The number of filters. */
  readonly filters: number;
  /** height x width x inChannels x filters. */
  readonly values: Float32Array;
}

/** An image that a filter activates on strongly. */
export interface TopActivation {
  /** The index of the image in its set. */
  readonly index: number;
  /** The reduced activation. */
  readonly score: number;
  /** The class index that the image is annotated with. */
  readonly label?: number;
  /** The position of the maximum of the feature map. */
  readonly row: number;
  /** The column of that position. */
  readonly column: number;
  /** The region of the image that this position depends on. */
  readonly receptiveField: Region;
}

/** For each filter the images that it activates on most, strongest first; of equal scores the lower index comes first. */
export interface TopActivations {
  /** The name of the layer. */
  readonly layer: string;
  /** How a feature map became one number. */
  readonly reduction: Reduction;
  /** The most images per filter; default: the largest number that a filter has. */
  readonly limit?: number;
  /** Each filter with its images, strongest first. */
  readonly filters: readonly { readonly filter: number; readonly entries: readonly TopActivation[] }[];
}

/** The mean reduced activation of filters per class. */
export interface ClassActivations {
  /** The name of the layer. */
  readonly layer: string;
  /** How a feature map became one number. */
  readonly reduction: Reduction;
  /** In the order of the labels. */
  readonly classNames: readonly string[];
  /** The number of images of each class. */
  readonly counts: readonly number[];
  /** The filters of the layer that `means` holds. */
  readonly filters: readonly number[];
  /** classes x filters; NaN for a class without images. */
  readonly means: Float64Array;
}
