import type { Images } from '@convlens/core';

/** The class name of the image at `position`; undefined without labels. */
export function labelName(images: Images, position: number): string | undefined {
  const label = images.labels?.[position];
  return label === undefined ? undefined : images.classNames[label];
}

/** The name of a class; "class 3" for a class without a name. */
export const className = (classNames: readonly string[], classIndex: number): string =>
  classNames[classIndex] ?? `class ${classIndex}`;
