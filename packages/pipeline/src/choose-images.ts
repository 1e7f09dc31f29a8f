import { expectInteger, InputError, type ImageSet } from '@convlens/core';

export interface ChooseImagesOptions {
  /** Class names. Default: three of them, spread over the list. */
  classes?: readonly string[];
  /** Which image of each class, counted from 1. Default 3. */
  nth?: number;
}

/** One image of a set that stands for its class. */
export interface ChosenImage {
  className: string;
  /** Where it stands in the set. */
  index: number;
}

/** The nth image of each class that was chosen. */
export function chooseImages(images: ImageSet, options: ChooseImagesOptions = {}): ChosenImage[] {
  const { classNames, labels, name } = images;
  const { classes = spread(classNames), nth = 3 } = options;
  expectInteger('nth', nth, { min: 1 });
  if (!labels) throw new InputError(`Expected labelled images, got ${name} without labels`);
  return [...new Set(classes)].map((className) => {
    const label = classNames.indexOf(className);
    if (label < 0)
      throw new InputError(
        `Expected a class, one of ${classNames.join(', ')}, got ${JSON.stringify(className)}`,
      );
    let seen = 0;
    const index = labels.findIndex((candidate) => candidate === label && ++seen === nth);
    if (index < 0)
      throw new InputError(`Expected at least ${nth} images of ${className} in ${name}, found ${seen}`);
    return { className, index };
  });
}

/** Of ten classes the first, the fourth and the eighth: airplane, cat and horse in CIFAR-10. */
function spread(classNames: readonly string[]): string[] {
  const places = [0, 0.3, 0.7].map((share) => Math.floor(share * classNames.length + 1e-9));
  return [...new Set(places)].map((place) => classNames[place]);
}
