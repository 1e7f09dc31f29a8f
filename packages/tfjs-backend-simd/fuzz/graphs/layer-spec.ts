import type { Fill } from '../fill.js';
import type { Random } from '../random.js';
import type { Node, Tape } from '../reference/tape.js';
import type { Values } from '../reference/values.js';

/** A shape without the batch. */
export type Shape = readonly number[];

/** A weight of a layer, in the order of `layer.getWeights()`. */
export interface WeightSpec {
  readonly shape: Shape;
  readonly fill: Omit<Fill, 'seed'>;
  /** A moving statistic is not trained. */
  readonly isMoving?: boolean;
}

/** What the reference of a layer computes from. */
export interface LayerCall<Options> {
  readonly tape: Tape;
  readonly inputs: readonly Node[];
  readonly weights: readonly Node[];
  readonly options: Options;
  readonly training: boolean;
  /** Stores the new value of a moving statistic. */
  readonly move: (weight: number, value: Values) => void;
}

/** A layer of TensorFlow.js with its reference. */
export interface LayerSpec<Options = Record<string, unknown>> {
  /** The name of the function of `tf.layers`. */
  readonly name: string;
  /** The number of inputs; `several` for a merge. Default 1. */
  readonly inputs?: 'several';
  /** Options for inputs of these shapes; undefined if the layer does not take them. */
  choose(random: Random, shapes: readonly Shape[]): Options | undefined;
  /** The options as TensorFlow.js takes them. */
  code(options: Options): Readonly<Record<string, unknown>>;
  weights?(options: Options, shape: Shape): readonly WeightSpec[];
  /** Multiplications per image, to keep programs small. Default 0. */
  cost?(options: Options, shape: Shape): number;
  reference(call: LayerCall<Options>): Node;
  /** Simpler options, for the shrinker; each must be valid for the same inputs or be refused by the reference. */
  simpler?(options: Options): readonly Options[];
}

/** Forgets the type of the options, for the list of all layers. */
export const layer = <Options>(spec: LayerSpec<Options>): LayerSpec => spec as unknown as LayerSpec;
