import type { Preprocessing } from './preprocessing.js';

/** The accuracy of a model under one preprocessing, channel order and axis order. */
export interface InputTrial {
  /** The range of the inputs, such as "0..1". */
  readonly scaling: string;
  /** The map from pixels to model inputs, with the channel order. */
  readonly preprocessing: Preprocessing;
  /** 'bgr': the preprocessing swaps the first and the last channel. */
  readonly channelOrder: 'unchanged' | 'bgr';
  /** 'transposed': rows and columns are swapped. */
  readonly axes: 'unchanged' | 'transposed';
  /** The fraction of images whose label is the predicted class. */
  readonly accuracy: number;
  /** The accuracy under the best permutation of the classes. */
  readonly permutedAccuracy: number;
  /** That permutation: the label that each class of the model stands for. */
  readonly classOrder: readonly number[];
}

/** The preprocessing, channel order and class order that a model was most likely trained with. */
export interface InputDiagnosis {
  /** In a sentence. */
  readonly conclusion: string;
  /** The preprocessing to use; absent if no trial is significantly better than chance. */
  readonly preprocessing?: Preprocessing;
  /** The trial that it comes from. */
  readonly best?: InputTrial;
  /** The label of each class of the model, if its classes are in another order; else absent. */
  readonly classOrder?: readonly number[];
  /** Best first. */
  readonly trials: readonly InputTrial[];
  /** Trials that are not significantly worse than the best on these images. */
  readonly ties: readonly InputTrial[];
  /** The number of images. */
  readonly count: number;
}
