import type { Fill } from '../fill.js';
import type { OptimizerName } from '../reference/optimizers.js';

/** A node of a graph: an input, or a layer and its inputs. */
export interface GraphNode {
  readonly id: number;
  /** The name of a layer of LAYERS; `input`. */
  readonly layer: string;
  readonly inputs: readonly number[];
  /** The options of the layer; of an input its shape, without the batch. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The node whose layer this one applies again, with the same weights. */
  readonly sharesLayerOf?: number;
  readonly isFrozen?: boolean;
  /** The seed of the weights or of the input. */
  readonly seed: number;
}

/** What is done with the model. */
export type Phase =
  | { readonly kind: 'predict'; readonly how: 'predict' | 'apply'; readonly isReversed: boolean }
  | { readonly kind: 'inputGradient'; readonly training: boolean }
  | { readonly kind: 'weightGradient'; readonly training: boolean }
  | {
      readonly kind: 'train';
      readonly how: 'minimize' | 'compile';
      readonly optimizer: OptimizerName;
      readonly rate: number;
    };

/** A model of `tf.layers` with what is done with it, as plain data. */
export interface Graph {
  readonly seed: number;
  readonly batch: number;
  readonly nodes: readonly GraphNode[];
  readonly outputs: readonly number[];
  readonly phases: readonly Phase[];
  /** The fill of the inputs. */
  readonly input: Omit<Fill, 'seed'>;
  /** The node whose first weight array holds NaN and infinities. */
  readonly specialNode?: number;
}
