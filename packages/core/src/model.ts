export interface LayerSummary {
  readonly name: string;
  /** The TensorFlow.js class, such as "Conv2D". */
  readonly className: string;
  /** Of one image: without the batch axis. */
  readonly outputShape: readonly (number | null)[];
  readonly parameters: number;
  readonly trainable: number;
  /** The names of the layers it reads. */
  readonly inputs: readonly string[];
}

export interface ModelSummary {
  readonly name: string;
  readonly layers: readonly LayerSummary[];
  /** Numbers the model holds: trainable ones change in training; the others are moving statistics. */
  readonly parameters: number;
  readonly trainable: number;
}
