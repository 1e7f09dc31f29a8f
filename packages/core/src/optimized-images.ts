/** What an image is made for. Plain data: it can be saved and sent to a worker. */
export type ImageObjective =
  /** The score of a class, by its index or name. */
  | { readonly kind: 'class'; readonly class: number | string }
  /** One channel of a layer, or one unit of a dense one: the 'mean' (default) or the 'sum' over its places. */
  | {
      readonly kind: 'channel';
      readonly layer: string;
      readonly channel: number;
      readonly reduction?: 'mean' | 'sum';
    }
  /** One place of a channel; default: the one in the middle. */
  | {
      readonly kind: 'neuron';
      readonly layer: string;
      readonly channel: number;
      readonly row?: number;
      readonly column?: number;
    }
  /** All of a layer: the mean of the squares of what it puts out. */
  | { readonly kind: 'layer'; readonly layer: string }
  /** A sum of other objectives, each with its weight; default 1. */
  | { readonly kind: 'sum'; readonly terms: readonly WeightedObjective[] };

export interface WeightedObjective {
  readonly objective: ImageObjective;
  readonly weight?: number;
}

/** An image that was made by optimization, so that a part of a model answers to it. */
export interface OptimizedImage {
  readonly objective: ImageObjective;
  /** The objective as a reader would call it, such as "cat" or "relu2_2 #12". */
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** height x width x channels, on the scale 0..255, and beyond it where the optimization was free to go there. */
  readonly pixels: Float32Array;
  /** The objective's value for the image that was started from. */
  readonly before: number;
  /** The objective's value for the image as it is now. */
  readonly after: number;
  /** The objective's value at each step, for the image as the model saw it then: shifted, turned, scaled. */
  readonly history: Float32Array;
  /** The image after some of the steps (0: as it was started from). */
  readonly frames: readonly { readonly step: number; readonly pixels: Float32Array }[];
}

/** The scores that a model gives to some images, class by class. */
export interface ScoreTable {
  readonly score: 'logit' | 'probability';
  /** One an image. */
  readonly names: readonly string[];
  readonly classNames: readonly string[];
  /** images x classes. */
  readonly values: Float32Array;
}

/** What a unit's weights want to see, by their signs alone. */
export interface ExactInput {
  readonly layer: string;
  readonly filter: number;
  readonly height: number;
  readonly width: number;
  /** Of what the layer reads: those of the image for a first convolution. */
  readonly channels: number;
  /** height x width x channels: 1 where the weight is positive, 0 elsewhere. */
  readonly values: Float32Array;
  /** What the unit answers to it before its activation, the bias included: no input within 0 to 1 gives more. */
  readonly maximum: number;
}
