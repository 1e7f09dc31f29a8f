import type * as tf from '@tensorflow/tfjs';
import type { Reduction } from '@convlens/core';
import type { RunOptions } from '../../model/run-graph.js';

/** A channel of a layer: the mean or maximum of its feature map, or a unit of a dense layer. */
export interface ChannelTarget {
  /** A name, 'last-conv' or 'first-conv'. */
  readonly layer: string;
  readonly channel: number;
  /** How the feature map becomes one number; default 'mean'. */
  readonly reduction?: Reduction;
}

/** One value of a layer output: [row, column, channel] of feature maps, [unit] of a dense layer. */
export interface NeuronTarget {
  /** A name, 'last-conv' or 'first-conv'. */
  readonly layer: string;
  readonly neuron: readonly number[];
}

/**
 * Maps class scores, rows x classes, to one number per row, which depends on that row only. Must be
 * differentiable.
 */
export type ScoreFunction = (scores: tf.Tensor2D) => tf.Tensor1D;

/**
 * What is explained: a class (its index or name, 'predicted', 'label', or a list with one index per image), a
 * channel or a neuron of any layer, or a function of the class scores. For one sigmoid unit the number 0 is the unit
 * itself, which scores the second class, as 1 does; the first class has the opposite score, and is chosen by its name
 * or a list. For a model that outputs a value the target is 'predicted' or 0.
 */
export type Target =
  | number
  | 'predicted'
  | 'label'
  | (string & {})
  | readonly number[]
  | ChannelTarget
  | NeuronTarget
  | ScoreFunction;

/** A target that fits the model and the images. */
export interface ResolvedTarget {
  /** The target in words, if it is not a class: such as "relu2, channel 3". */
  readonly name?: string;
  /** The value of the graph that the score is computed from. */
  readonly value: number;
  /** The class of each image of a batch; -1 if the target is not a class. */
  classesOf(x: tf.Tensor4D, start: number, options: RunOptions): Promise<number[]>;
  /** The score of each row of `x`, which holds the batch once or several times: a new tensor. */
  scoreOf(x: tf.Tensor4D, classes: readonly number[], options: RunOptions): tf.Tensor1D;
}

/** `classesOf` of a target that is not a class. */
export const noClasses = async (x: tf.Tensor4D): Promise<number[]> => new Array(x.shape[0]).fill(-1);
