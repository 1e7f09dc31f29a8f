/** A layer of a model. */
export interface LayerSummary {
  /** The name of the layer. */
  readonly name: string;
  /** The TensorFlow.js class, such as "Conv2D". */
  readonly className: string;
  /** Without the batch axis. */
  readonly outputShape: readonly (number | null)[];
  /** The number of weights. */
  readonly parameters: number;
  /** The number of weights that training updates. */
  readonly trainableParameters: number;
  /** The names of the layers whose outputs are its inputs. */
  readonly inputs: readonly string[];
}

/** The layers of a model. */
export interface ModelSummary {
  /** The name of the model. */
  readonly name: string;
  /** In execution order. */
  readonly layers: readonly LayerSummary[];
  /** The number of weights. */
  readonly parameters: number;
  /** The number of weights that training updates. Moving averages and frozen layers are not among them. */
  readonly trainableParameters: number;
}
