/** The weights of a layer in a Keras file. */
export interface LayerWeights {
  /**
   * The values of the weight with a name, or, in files without weight names, of the next weight.
   *
   * @throws InputError if the file has no such weight, or one of another shape
   */
  take(name: string, shape: readonly number[]): Float32Array;
  /** Throws an InputError if the file has weights of this layer that were not taken. */
  expectAllUsed(): void;
}

/** A layer as its weights are found: by name, or by class and number. */
export interface WeightOwner {
  readonly className: string;
  /** The class in the file of an operation, which is built as a layer. */
  readonly operation?: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The weights of the layers of a model, by layer index. */
export interface ModelWeights {
  layer(index: number): LayerWeights;
  /** The weights of a nested model. */
  nested(index: number): WeightTree;
}

/** The weights of a model in a Keras file. */
export interface WeightTree {
  /** `layers` are all layers of the model in its order: a file may name their weights by class and number. */
  open(layers: readonly WeightOwner[]): ModelWeights;
}
