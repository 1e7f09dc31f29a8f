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

/** The mistakes that a network is surest of. */
export interface Mistakes {
  /** Of the set. */
  readonly name: string;
  readonly classNames: readonly string[];
  /** How many images were seen, and how many of them the network gets wrong. */
  readonly count: number;
  readonly wrong: number;
  /** How many mistakes are kept at most. */
  readonly limit: number;
  /** The highest confidence first; of equal ones the lower index. */
  readonly entries: readonly (Prediction & { readonly label: number })[];
}
