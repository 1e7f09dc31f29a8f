import type * as tf from '@tensorflow/tfjs';
import type { Images, Reduction, Region } from '@convlens/core';

/** A layer that an observer reads. */
export interface ObservedLayer {
  readonly name: string;
  /** The number of the layer output in the model's graph: two names of one output have the same number. */
  readonly value: number;
  /** For a plain ReLU layer the number of its input; undefined for all other layers. */
  readonly reluInput?: number;
  /** The height of the feature maps; 1 for a dense layer, whose units are the channels. */
  readonly height: number;
  /** The width of the feature maps; 1 for a dense layer. */
  readonly width: number;
  readonly channels: number;
  /** Whether the output is feature maps, rather than the units of a dense layer. */
  readonly spatial: boolean;
  /** Whether the output depends on the images, rather than on other inputs of the model only. */
  readonly dependsOnImages: boolean;
  /** The receptive field of a position of the output. */
  receptiveFieldOf(row: number, column: number): Region;
}

/** The model and the images, for an observer to prepare its result. */
export interface ObserverContext {
  /** The observed images: those of the option `indices`, or all. */
  readonly images: Images;
  /** The number of classes of the model; 0 unless an observer reads probabilities, and for a model that outputs values. */
  readonly classes: number;
  /** One of the observer's `layers`. */
  layer(nameOrRole: string): ObservedLayer;
  /** The index of an image in its set, from its position in `images`. */
  indexOf(position: number): number;
}

/** The outputs of a model for one batch of images. Tensors and arrays are valid until `add` returns. */
export interface ObservedBatch {
  /** The position of the first image of the batch. */
  readonly start: number;
  readonly count: number;
  /** A layer output, count x height x width x channels. Not to be disposed. */
  output(nameOrRole: string): tf.Tensor4D;
  /** The values of a layer output, read once for all observers. Not to be changed. */
  values(nameOrRole: string): Promise<Float32Array>;
  /**
   * The reduced activations of a layer, count x channels, computed once for all observers. Not to be changed.
   */
  reduced(nameOrRole: string, reduction: Reduction): Promise<Float32Array>;
  /** count x classes; empty unless an observer reads probabilities, and for a model that outputs values. */
  readonly probabilities: Float32Array;
  /** One value per image, for a model that outputs values and an observer that accepts them; empty otherwise. */
  readonly outputValues: Float32Array;
}

/** Collects a result from each batch. */
export interface Collector<Result> {
  add(batch: ObservedBatch): void | Promise<void>;
  finish(): Result;
}

/** Collects a result from the layer outputs and class probabilities of a model, batch by batch. */
export interface Observer<Result> {
  /** The layers that it reads, by name or role; default none. */
  readonly layers?: readonly string[];
  /** Whether it reads class probabilities; default false. */
  readonly probabilities?: boolean;
  /** Whether it accepts a model that outputs values, such as an age, in place of probabilities; default false. */
  readonly acceptsValues?: boolean;
  /** Checks the options against the model and the images, and returns an empty collector. */
  begin(context: ObserverContext): Collector<Result>;
}

/** The results of a list of observers, in their order. */
export type Results<Observers extends readonly Observer<unknown>[]> = {
  -readonly [K in keyof Observers]: Observers[K] extends Observer<infer Result> ? Result : never;
};
