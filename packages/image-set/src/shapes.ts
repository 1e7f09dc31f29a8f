import { expectInteger, expectOneOf, randomAt, type ImageSet } from '@convlens/core';
import { shuffledIndices } from './order.js';
import { SHAPES } from './shape-classes.js';
import { paintShape } from './shape-paint.js';

export interface MakeShapesOptions {
  /** Images to make, >= 0; default 5000. */
  readonly count?: number;
  /** Of everything drawn; default 0. */
  readonly seed?: number;
  /** 'train' (default) or 'test': two sets of images that have nothing in common. */
  readonly split?: 'train' | 'test';
}

const SIZE = 32;
const CHANNELS = 3;

/** The ten classes of `makeShapes`, in the order of their labels: seven objects, then three textures. */
export const SHAPE_NAMES: readonly string[] = Object.keys(SHAPES);

/**
 * A labelled set like CIFAR-10 that needs no download: ten classes of objects and textures, 32 x 32 x 3, each image with
 * a place, size, rotation, colours, lighting and noise of its own. Colour and brightness say nothing of the class (both
 * colours come from one distribution, either may be the brighter), so a linear model does hardly better than chance while
 * a small convolutional network learns it in a few epochs.
 *
 * Every ten images, from the first on, hold each class once, in random order. Image i depends on (seed, split, i) alone:
 * a shorter set is the beginning of a longer one.
 */
export function makeShapes({ count = 5000, seed = 0, split = 'train' }: MakeShapesOptions = {}): ImageSet {
  expectInteger('count', count);
  expectOneOf('split', split, ['train', 'test']);
  const size = SIZE * SIZE * CHANNELS;
  const classes = Object.values(SHAPES);
  const pixels = new Uint8Array(count * size);
  const labels = new Int32Array(count);
  let order: Uint32Array = new Uint32Array(0);
  for (let i = 0; i < count; i++) {
    const place = i % classes.length;
    if (place === 0) order = shuffledIndices(classes.length, randomAt(seed, 'shapes', split, 'labels', i));
    labels[i] = order[place];
    const random = randomAt(seed, 'shapes', split, i);
    const coverage = classes[labels[i]](random, SIZE);
    paintShape(pixels.subarray(i * size, (i + 1) * size), { coverage, random, size: SIZE });
  }
  return {
    kind: 'image-set',
    name: `shapes ${split}`,
    pixels,
    labels,
    count,
    height: SIZE,
    width: SIZE,
    channels: CHANNELS,
    classNames: SHAPE_NAMES,
  };
}
