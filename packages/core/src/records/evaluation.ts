/** The prediction of a model for one image. */
export interface Prediction {
  /** The index of the image in its set. */
  readonly index: number;
  /** The class index that the image is annotated with. */
  readonly label?: number;
  /** The class with the highest probability; of equal ones the lower index. -1 for a model that outputs values. */
  readonly predicted: number;
  /** The probability of the predicted class. NaN for a model that outputs values. */
  readonly confidence: number;
  /** One per class. Empty for a model that outputs values. */
  readonly probabilities: Float32Array;
  /** The outputs of a model that outputs values, such as an age, in their unit. */
  readonly values?: Float32Array;
}

/** The numbers of images by label and predicted class. */
export interface ConfusionMatrix {
  /** In the order of the labels. */
  readonly classNames: readonly string[];
  /** The number of images: [label][predicted class], classes x classes. */
  readonly counts: Uint32Array;
}

/** The quality of a model on a set of labeled images. */
export interface Evaluation {
  /** The name of the set. */
  readonly name: string;
  /** The number of images. */
  readonly count: number;
  /** Mean cross-entropy, natural logarithm. */
  readonly loss: number;
  /** 0 to 1. */
  readonly accuracy: number;
  /** Labels by predictions. */
  readonly confusion: ConfusionMatrix;
}

/** The mistakes that a model makes with the highest confidence. */
export interface Mistakes {
  /** The name of the set. */
  readonly name: string;
  /** In the order of the labels. */
  readonly classNames: readonly string[];
  /** The number of images, and of those that are misclassified. */
  readonly count: number;
  /** The number of images that are misclassified. */
  readonly wrong: number;
  /** The most mistakes that `entries` holds. */
  readonly limit: number;
  /** The highest confidence first; of equal ones the lower index. */
  readonly entries: readonly (Prediction & { readonly label: number })[];
}
