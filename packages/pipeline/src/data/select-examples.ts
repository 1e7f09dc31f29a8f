import {
  expectImageArray,
  expectInteger,
  expectOneOf,
  expectOptions,
  InputError,
  type ImageSet,
  type OptionNames,
} from '@convlens/core';

export interface SelectExamplesOptions {
  /** Class names. Default: three, evenly spread over the list. */
  readonly classes?: readonly string[];
  /** Which image of each class, counted from 1. Default 3. */
  readonly nth?: number;
}

const SELECT_EXAMPLES_OPTIONS: OptionNames<SelectExamplesOptions> = { classes: true, nth: true };

/** An image of a set, as the example of its class. */
export interface ExampleImage {
  /** The name that figures call it by. */
  readonly className: string;
  /** Its index in the set. */
  readonly index: number;
}

/**
 * The nth image of each of some classes.
 *
 * @throws InputError if the images have no labels, or a class does not exist or has fewer images.
 */
export function selectExamples(images: ImageSet, options: SelectExamplesOptions = {}): ExampleImage[] {
  expectOptions('selectExamples', options, SELECT_EXAMPLES_OPTIONS);
  expectImageArray('images', images);
  const { classNames, labels, name } = images;
  const { classes = defaultExampleClasses(classNames), nth = 3 } = options;
  expectInteger('nth', nth, { min: 1 });
  if (!labels) throw new InputError(`Expected labeled images, got ${name} without labels`);
  return [...new Set(classes)].map((className) => {
    const label = classNames.indexOf(expectOneOf('the class', className, classNames));
    let count = 0;
    const index = labels.findIndex((candidate) => candidate === label && ++count === nth);
    if (index < 0)
      throw new InputError(`Expected at least ${nth} images of ${className} in ${name}, found ${count}`);
    return { className, index };
  });
}

/** Of ten classes the first, the fourth and the eighth: airplane, cat and horse in CIFAR-10. */
function defaultExampleClasses(classNames: readonly string[]): string[] {
  const positions = [0, 0.3, 0.7].map((fraction) => Math.floor(fraction * classNames.length + 1e-9));
  return [...new Set(positions)].map((position) => classNames[position]);
}
