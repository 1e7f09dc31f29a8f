import { expectInteger, expectNumbers, expectRecords, InputError, type Prediction } from '@convlens/core';

/** Whether an image is of a class, by the index of its prediction. */
export type ClassTargets = (image: number, classIndex: number) => boolean;

/**
 * Throws an InputError unless all predictions have the probabilities of as many classes: of `classNames`, if they are named.
 */
export function expectClassPredictions(
  predictions: readonly Prediction[],
  classNames?: readonly string[],
): void {
  expectRecords('Prediction', 'predictions', predictions);
  if (predictions.length === 0) return;
  const classes = predictions[0].probabilities.length;
  if (classNames && classes !== classNames.length)
    throw new InputError(`Expected predictions of ${classNames.length} classes, got ${classes}`);
  predictions.forEach(({ probabilities }, i) => {
    if (probabilities.length !== classes || classes === 0)
      throw new InputError(
        `Expected the probabilities of as many classes in each prediction, got ${probabilities.length} in predictions[${i}]`,
      );
  });
}

/** As `expectClassPredictions`; also throws an InputError unless all predictions have labels. */
export function expectLabeledPredictions(
  predictions: readonly Prediction[],
  classNames?: readonly string[],
): void {
  expectClassPredictions(predictions, classNames);
  predictions.forEach(({ label, probabilities }, i) =>
    expectInteger(`the label of predictions[${i}]`, label, { max: probabilities.length - 1 }),
  );
}

/**
 * The classes of the images: of `targets`, images x classes of 0 and 1, row-major; without them each image is of its label alone.
 *
 * @throws InputError if the targets are others, or labels are missing.
 */
export function classTargets(
  predictions: readonly Prediction[],
  { classNames, targets }: { classNames: readonly string[]; targets?: ArrayLike<number> },
): ClassTargets {
  if (targets === undefined) {
    expectLabeledPredictions(predictions, classNames);
    return (image, classIndex) => predictions[image].label === classIndex;
  }
  expectClassPredictions(predictions, classNames);
  expectNumbers('targets', targets);
  const [count, classes] = [predictions.length, classNames.length];
  if (targets.length !== count * classes)
    throw new InputError(
      `Expected targets to hold ${count * classes} values (${count} images x ${classes} classes), got ${targets.length}`,
    );
  for (let i = 0; i < targets.length; i++)
    if (targets[i] !== 0 && targets[i] !== 1)
      throw new InputError(
        `Expected targets of 0 and 1, got ${targets[i]} at image ${Math.floor(i / classes)}`,
      );
  return (image, classIndex) => targets[image * classes + classIndex] === 1;
}
