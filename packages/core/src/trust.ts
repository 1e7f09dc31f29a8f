import type { Heatmap } from './activations.js';
import type { Preprocessing } from './preprocessing.js';

/** How alike two maps of one image are. NaN where one of them has a single value. */
export interface MapSimilarity {
  /** Where the image stands in its set. */
  readonly index: number;
  /** Spearman's rank correlation, -1 to 1; of equal values each has their mean rank. */
  readonly spearman: number;
  /** The same of the magnitudes: signed methods may flip where a weight does. */
  readonly spearmanOfMagnitudes: number;
  /** Structural similarity of the maps scaled to [0, 1], at most 1 (Wang, Bovik, Sheikh, Simoncelli, 2004). */
  readonly ssim: number;
}

/** What a method shows once the weights of a layer are random. */
export interface SanityStep {
  /** Whose weights were made random; in a cascade those of all steps before it are random too. */
  readonly layer: string;
  /** One an image. */
  readonly heatmaps: readonly Heatmap[];
  /** With the maps of the trained model, one an image. */
  readonly similarities: readonly MapSimilarity[];
}

/**
 * Whether what a method shows depends on what the model learned: a method whose maps stay alike while the weights become
 * random shows the image, not the model (Adebayo et al., Sanity Checks for Saliency Maps, 2018).
 */
export interface SanityCheck {
  readonly method: string;
  readonly order: 'cascading' | 'independent';
  readonly seed: number;
  /** Of the trained model, one an image. */
  readonly heatmaps: readonly Heatmap[];
  /** From the layer nearest the output to the first. */
  readonly steps: readonly SanityStep[];
}

/**
 * How the score changes while pixels are changed in the order of a heatmap, highest first: 'deletion' takes them out of the
 * image, 'insertion' puts them into an empty one (Petsiuk, Das, Saenko, RISE, 2018).
 */
export interface PerturbationCurve {
  readonly kind: 'insertion' | 'deletion';
  /** The method of the heatmap. */
  readonly method: string;
  readonly layer?: string;
  readonly classIndex: number;
  /** Where the image stands in its set. */
  readonly index: number;
  /** Of the pixels, how many are changed: 0 to 1, ascending. */
  readonly shares: Float32Array;
  /** The score at each share. */
  readonly scores: Float32Array;
  /** Area under the curve, by trapezoids: low is good for deletion, high for insertion. */
  readonly auc: number;
}

/** How well a model does if it is fed in one way. */
export interface InputTrial {
  /** What the values are: such as "0..1". */
  readonly scaling: string;
  readonly preprocessing: Preprocessing;
  /** 'bgr' where the first and the last channel change places (before the preprocessing). */
  readonly channelOrder: 'given' | 'bgr';
  /** 'transposed' where rows and columns change places. */
  readonly axes: 'given' | 'transposed';
  /** Share of images whose label is the class of the highest score. */
  readonly accuracy: number;
  /** The same if the model's classes are renamed in the best way. */
  readonly renamedAccuracy: number;
  /** That way: the label that each class of the model stands for. */
  readonly classOrder: readonly number[];
}

/** What a model was most likely trained on. */
export interface InputDiagnosis {
  /** In words. */
  readonly conclusion: string;
  /** What to feed the model; absent where nothing stands out. */
  readonly preprocessing?: Preprocessing;
  /** The trial it comes from. */
  readonly best?: InputTrial;
  /** The label of each class of the model, where its classes are in another order; absent where they are not. */
  readonly classOrder?: readonly number[];
  /** Best first. */
  readonly trials: readonly InputTrial[];
  /** Those that cannot be told from the best on so few images. */
  readonly equals: readonly InputTrial[];
  /** How many images were looked at. */
  readonly count: number;
}
