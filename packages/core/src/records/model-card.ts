import type { Preprocessing } from './preprocessing.js';
import type { EpochRecord } from './training.js';

/** The quality of a model on test images. */
export interface ModelMetrics {
  /** 0 to 1. */
  readonly accuracy: number;
  /** Mean cross-entropy, natural logarithm. */
  readonly loss: number;
}

/**
 * What a user must know of a pretrained model before using it (after Mitchell et al., Model Cards for Model
 * Reporting, 2019).
 */
export interface ModelCard {
  /** The name that a user types. */
  readonly id: string;
  /** One line for lists. */
  readonly title: string;
  /** The name of the architecture in @convlens/models. */
  readonly architecture: string;
  /** [height, width, channels] of one image. */
  readonly inputShape: readonly [number, number, number];
  /** The number of weights. */
  readonly parameters: number;
  /** In the order of the outputs. */
  readonly classNames: readonly string[];
  /** The map from pixels to model inputs. */
  readonly preprocessing: Preprocessing;
  /** What it was trained on. */
  readonly data: {
    /** The id of the data set, such as "cifar10". */
    readonly id: string;
    /** Its authors, and where it is described. */
    readonly source: string;
    /** The number of training images. */
    readonly trainCount: number;
    /** The number of validation images: they chose the best epoch. */
    readonly validationCount: number;
  };
  /** How it was trained. */
  readonly training: {
    /** The recipe with these settings, if there is one. */
    readonly recipe?: string;
    /** Every setting of the run, as in its run.json. */
    readonly settings: Readonly<Record<string, unknown>>;
    readonly seed: number;
    readonly epochs: number;
    /** The epoch of these weights, 0-based: the one with the lowest validation loss. */
    readonly bestEpoch: number;
    /** The backend and its build. */
    readonly backend: string;
    /** Versions of the software, by name. */
    readonly versions: Readonly<Record<string, string>>;
    /** The duration of the training. */
    readonly seconds: number;
    readonly history: readonly EpochRecord[];
  };
  /** On the test images, which played no part in training or selection. */
  readonly evaluation: {
    /** The name and the number of the test images. */
    readonly testSet: string;
    readonly count: number;
    /** With the weights as they were trained. */
    readonly float32: ModelMetrics;
    /** With the 16-bit weights that are distributed. */
    readonly float16: ModelMetrics;
    /** With the 16-bit weights: [label][predicted class]. */
    readonly confusion: readonly (readonly number[])[];
  };
  /** What the model is for, in a sentence. */
  readonly intendedUse: string;
  /** What it cannot do, in sentences. */
  readonly limitations: readonly string[];
  /** Of the weights. */
  readonly license: string;
  /** The safetensors file with 16-bit floats. */
  readonly weights: { readonly bytes: number; readonly sha256: string };
}
