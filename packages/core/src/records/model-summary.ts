/** A layer of a model. */
export interface LayerSummary {
  /** The name of the layer; "outer/inner" inside a nested model. */
  readonly name: string;
  /** The TensorFlow.js class, such as "Conv2D". */
  readonly className: string;
  /** Without the batch axis. */
  readonly outputShape: readonly (number | null)[];
  /** The number of weights. */
  readonly parameters: number;
  /** The number of weights that training updates. */
  readonly trainableParameters: number;
  /** The names of the layers whose outputs are its inputs; those inside a nested model instead of the model. */
  readonly inputs: readonly string[];
  /** Of a nested model: the number of its layers, which follow it in the list. */
  readonly nestedLayers?: number;
}

/** The layers of a model. */
export interface ModelSummary {
  /** The name of the model. */
  readonly name: string;
  /** In execution order; a nested model is followed by its layers, whose parameters are among its own. */
  readonly layers: readonly LayerSummary[];
  /** The number of weights. */
  readonly parameters: number;
  /** The number of weights that training updates. Moving averages and frozen layers are not among them. */
  readonly trainableParameters: number;
}
