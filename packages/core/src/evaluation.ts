/** What a network says of one image. */
export interface Prediction {
  /** Where the image stands in its set. */
  readonly index: number;
  readonly label?: number;
  /** The class of the highest probability; of equal ones the lower index. */
  readonly predicted: number;
  /** The probability of that class. */
  readonly confidence: number;
  /** One a class. */
  readonly probabilities: Float32Array;
}

export interface ConfusionMatrix {
  readonly classNames: readonly string[];
  /** classes x classes: [true][predicted]. */
  readonly counts: Uint32Array;
}

/** How good a network is on a set of labelled images. */
export interface Evaluation {
  /** Of the set. */
  readonly name: string;
  readonly count: number;
  /** Mean cross-entropy, natural logarithm. */
  readonly loss: number;
  /** 0 to 1. */
  readonly accuracy: number;
  readonly confusion: ConfusionMatrix;
}
