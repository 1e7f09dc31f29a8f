/** What an image is optimized for. Plain data: it can be saved and sent to a worker. */
export type ImageObjective =
  /** The score of a class, by its index or name. */
  | { readonly kind: 'class'; readonly class: number | string }
  /** One channel of a layer, or one unit of a dense layer: the 'mean' (default) or the 'sum' over its positions. */
  | {
      readonly kind: 'channel';
      readonly layer: string;
      readonly channel: number;
      readonly reduction?: 'mean' | 'sum';
    }
  /** One position of a channel; default: the middle. */
  | {
      readonly kind: 'neuron';
      readonly layer: string;
      readonly channel: number;
      readonly row?: number;
      readonly column?: number;
    }
  /** A whole layer: the mean of its squared outputs. */
  | { readonly kind: 'layer'; readonly layer: string }
  /** A weighted sum of other objectives. */
  | { readonly kind: 'sum'; readonly terms: readonly WeightedObjective[] };

/** An objective in a weighted sum. */
export interface WeightedObjective {
  /** A term of the sum. */
  readonly objective: ImageObjective;
  /** Default 1. */
  readonly weight?: number;
}

/** The result of feature visualization: an image that was optimized for an objective. */
export interface OptimizedImage {
  /** What it was optimized for. */
  readonly objective: ImageObjective;
  /** A name of the objective for captions, such as "cat" or "relu2_2 #12". */
  readonly name: string;
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
  /** 1 or 3. */
  readonly channels: number;
  /** height x width x channels, on the scale 0..255; values beyond it if the optimization did not clip them. */
  readonly pixels: Float32Array;
  /** The value of the objective for the image before the first step. */
  readonly initialValue: number;
  /** The value of the objective for `pixels`. */
  readonly finalValue: number;
  /** The value of the objective at each step, for the transformed (shifted, rotated, scaled) image that the model read. */
  readonly history: Float32Array;
  /** The image after some of the steps; step 0 is the image before the first step. */
  readonly frames: readonly { readonly step: number; readonly pixels: Float32Array }[];
}

/** The class scores of a model for some images. */
export interface ScoreTable {
  /** What the values are. */
  readonly score: 'logit' | 'probability';
  /** The names of the images. */
  readonly names: readonly string[];
  /** In the order of the labels. */
  readonly classNames: readonly string[];
  /** images x classes. */
  readonly values: Float32Array;
}

/** The input in 0..1 that maximizes the pre-activation of a unit. Only the signs of the unit's weights determine it. */
export interface OptimalStimulus {
  /** The layer of the unit. */
  readonly layer: string;
  /** The unit or filter, by index. */
  readonly filter: number;
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
  /** The channels of the layer's input; those of the image for a first convolution. */
  readonly channels: number;
  /** height x width x channels: 1 where the weight is positive, else 0. */
  readonly values: Float32Array;
  /** The pre-activation for this input, with the bias: the largest of all inputs in 0..1. */
  readonly maximum: number;
}
