import {
  expectInteger,
  expectOneOf,
  expectOptions,
  randomAt,
  shuffledIndices,
  type LabeledImageSet,
  type OptionNames,
} from '@convlens/core';
import { paintShape } from './paint-shape.js';
import { SHAPE_SAMPLERS } from './shape-classes.js';

export interface GenerateShapesOptions {
  /** The number of images, >= 0; default 5000. */
  readonly count?: number;
  /** Seed of all random numbers; default 0. */
  readonly seed?: number;
  /** 'train' (default) or 'test': two sets without common images. */
  readonly split?: 'train' | 'test';
}

const GENERATE_SHAPES_OPTIONS: OptionNames<GenerateShapesOptions> = { count: true, seed: true, split: true };

const SIZE = 32;
const CHANNELS = 3;

/** The ten classes, in the order of their labels: seven objects, then three textures. */
export const SHAPES_CLASSES: readonly string[] = Object.keys(SHAPE_SAMPLERS);

/**
 * Generates a labeled set like CIFAR-10 that needs no download: ten classes of objects and textures, count x 32 x 32 x 3
 * bytes, each image with its own position, size, rotation, colors, lighting and noise. Color and brightness do not depend on
 * the class: both colors have the same distribution, and either may be the brighter. A linear model is thus hardly better
 * than chance, while a small convolutional network learns the classes in a few epochs.
 *
 * Every ten images, from the first on, hold each class once, in random order. Image i depends on the seed, the split and i
 * only: a shorter set is the beginning of a longer one.
 *
 * @throws InputError if an option is out of range.
 */
export function generateShapes(options: GenerateShapesOptions = {}): LabeledImageSet {
  expectOptions('generateShapes', options, GENERATE_SHAPES_OPTIONS);
  const { count = 5000, seed = 0, split = 'train' } = options;
  expectInteger('count', count);
  expectOneOf('split', split, ['train', 'test']);
  const imageBytes = SIZE * SIZE * CHANNELS;
  const samplers = Object.values(SHAPE_SAMPLERS);
  const pixels = new Uint8Array(count * imageBytes);
  const labels = new Int32Array(count);
  let labelOrder: Uint32Array = new Uint32Array(0);
  for (let i = 0; i < count; i++) {
    const position = i % samplers.length;
    if (position === 0)
      labelOrder = shuffledIndices(samplers.length, randomAt(seed, 'shapes', split, 'labels', i));
    labels[i] = labelOrder[position];
    const random = randomAt(seed, 'shapes', split, i);
    const coverage = samplers[labels[i]](random, SIZE);
    paintShape(pixels.subarray(i * imageBytes, (i + 1) * imageBytes), { coverage, random, size: SIZE });
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
    classNames: SHAPES_CLASSES,
  };
}
