/** Precision, recall and F1 score of several classes as one number each, 0 to 1. */
export interface MetricsAverage {
  /** The mean precision. */
  readonly precision: number;
  /** The mean recall. */
  readonly recall: number;
  /** The mean F1 score. */
  readonly f1: number;
}

/** How well a classifier recognizes each class. */
export interface ClassMetrics {
  /** In the order of the labels; the lists below have one number per class. */
  readonly classNames: readonly string[];
  /** The fraction of the predictions of a class that are correct, 0 to 1; 0 if it is never predicted. */
  readonly precision: readonly number[];
  /** The fraction of the images of a class that are recognized, 0 to 1; 0 if it has no images. */
  readonly recall: readonly number[];
  /** The harmonic mean of precision and recall, 0 to 1; 0 if both are 0. */
  readonly f1: readonly number[];
  /** The number of images of each class. */
  readonly support: readonly number[];
  /** The means over the classes. */
  readonly macro: MetricsAverage;
  /** The means over the images. */
  readonly weighted: MetricsAverage;
  /** The fraction of the images that are recognized, 0 to 1; NaN of no images. */
  readonly accuracy: number;
  /** The mean recall of the classes that have images, 0 to 1; NaN of no images. */
  readonly balancedAccuracy: number;
}

/**
 * How well a multi-label classifier recognizes each class. Each class has a probability of its own, and an image may be of several
 * classes or of none.
 */
export interface MultiLabelMetrics {
  /** In the order of the outputs; the lists below have one number per class. */
  readonly classNames: readonly string[];
  /** The probability from which on a class is predicted, 0 to 1. */
  readonly threshold: number;
  /** The number of images. */
  readonly count: number;
  /** The fraction of the predictions of a class that are correct, 0 to 1; 0 if it is never predicted. */
  readonly precision: readonly number[];
  /** The fraction of the images of a class that are recognized, 0 to 1; 0 if it has no images. */
  readonly recall: readonly number[];
  /** The harmonic mean of precision and recall, 0 to 1; 0 if both are 0. */
  readonly f1: readonly number[];
  /** The number of images of each class. */
  readonly support: readonly number[];
  /** The means over the classes. */
  readonly macro: MetricsAverage;
  /** Precision, recall and F1 score of the predictions of all classes together. */
  readonly micro: MetricsAverage;
  /** The means over the classes, weighted with their images; 0 without any. */
  readonly weighted: MetricsAverage;
  /** The fraction of all predictions, images x classes, that are correct, 0 to 1; NaN of no images. */
  readonly accuracy: number;
  /** The fraction of the images of which every class is correct, 0 to 1; NaN of no images. */
  readonly subsetAccuracy: number;
  /** The mean binary cross-entropy over images and classes, natural logarithm; NaN of no images. */
  readonly loss: number;
}

/** The receiver operating characteristic and the precision-recall curve of one class against all others. */
export interface ClassCurves {
  /** The name of the class. */
  readonly className: string;
  /** The probabilities from which on an image is predicted as the class: Infinity, then each that occurs, descending. */
  readonly thresholds: readonly number[];
  /** The fraction of the images of other classes that are predicted as the class at each threshold; NaN if there are none. */
  readonly falsePositiveRates: readonly number[];
  /** The fraction of the images of the class that are recognized at each threshold (recall); NaN if there are none. */
  readonly truePositiveRates: readonly number[];
  /** The fraction of correct predictions of the class at each threshold; 1 at Infinity. */
  readonly precisions: readonly number[];
  /** The area under the receiver operating characteristic, 0 to 1; NaN without images of the class, or of another. */
  readonly auc: number;
  /** The mean of the precisions, weighted with the increase of the recall, 0 to 1; NaN without images of the class. */
  readonly averagePrecision: number;
}
