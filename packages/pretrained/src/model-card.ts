import type { EpochRecord, Preprocessing } from '@convlens/core';

/** How good a network is on test images. */
export interface Measured {
  /** 0 to 1. */
  readonly accuracy: number;
  /** Mean cross-entropy, natural logarithm. */
  readonly loss: number;
}

/**
 * What a user must know of a trained network before relying on it (after Mitchell et al., Model Cards for Model Reporting,
 * 2019). Plain data; made from the folder of the run that trained the network.
 */
export interface ModelCard {
  readonly name: string;
  /** What it is, in a line. */
  readonly title: string;
  /** The architecture, by its name in @convlens/models. */
  readonly architecture: string;
  /** [height, width, channels] of one image. */
  readonly inputShape: readonly [number, number, number];
  readonly parameters: number;
  /** In the order of the outputs. */
  readonly classNames: readonly string[];
  /** What pixels (0..255) become before the network reads them. */
  readonly preprocessing: Preprocessing;
  readonly data: {
    /** As the command line calls the data set. */
    readonly name: string;
    /** Who made it, and where it is described. */
    readonly source: string;
    /** How many images it was trained on, and how many chose the epoch that was kept. */
    readonly trained: number;
    readonly validation: number;
  };
  readonly training: {
    /** The recipe of @convlens/pipeline whose settings these are, where there is one. */
    readonly recipe?: string;
    /** Every setting of the run, as its run.json has them. */
    readonly settings: Readonly<Record<string, unknown>>;
    readonly seed: number;
    readonly epochs: number;
    /** The epoch whose weights these are, from 0: that of the lowest validation loss. */
    readonly keptEpoch: number;
    /** What computed, and its build; versions of what took part; seconds of training. */
    readonly backend: string;
    readonly versions: Readonly<Record<string, string>>;
    readonly seconds: number;
    readonly history: readonly EpochRecord[];
  };
  /** On test images, which chose nothing. */
  readonly evaluation: {
    /** The images' name, and how many they are. */
    readonly images: string;
    readonly count: number;
    /** As the run was evaluated, with the weights as they were trained. */
    readonly float32: Measured;
    /** With the weights that are here. */
    readonly binary16: Measured;
    /** Of the weights that are here: [true][predicted]. */
    readonly confusion: readonly (readonly number[])[];
  };
  readonly intendedUse: string;
  readonly limits: readonly string[];
  /** Of the weights. */
  readonly licence: string;
  /** The safetensors file with 16-bit floats. */
  readonly weights: { readonly bytes: number; readonly sha256: string };
}
