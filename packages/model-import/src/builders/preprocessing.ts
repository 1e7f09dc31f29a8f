import * as tf from '@tensorflow/tfjs';
import type { Builder } from '../build-layer.js';
import { ResizeImages } from '../layers/resize-images.js';
import { identity } from './elementwise.js';

/** Layers of Keras that change images in training and pass them on otherwise. */
const AUGMENTATIONS = [
  ...['AugMix', 'CutMix', 'MixUp', 'RandAugment', 'RandomBrightness', 'RandomColorDegeneration'],
  ...['RandomColorJitter', 'RandomContrast', 'RandomElasticTransform', 'RandomErasing', 'RandomFlip'],
  ...['RandomGaussianBlur', 'RandomGrayscale', 'RandomHeight', 'RandomHue', 'RandomInvert'],
  ...['RandomPerspective', 'RandomPosterization', 'RandomRotation', 'RandomSaturation', 'RandomSharpness'],
  ...['RandomShear', 'RandomTranslation', 'RandomWidth', 'RandomZoom'],
];

const augmentation: Builder = (options) => {
  options.note('is read as the identity, which it is outside training');
  return identity(options);
};

/** One number, or one a channel, which stock layers take too though they do not declare it. */
const rescaling: Builder = (options) => {
  const [scale, offset] = [options.numbers('scale'), options.numbers('offset', 0)].map((list) =>
    list.length === 1 ? list[0] : list,
  ) as [number, number];
  return tf.layers.rescaling({ ...options.common, scale, offset });
};

const resizing: Builder = (options) => {
  for (const key of ['crop_to_aspect_ratio', 'pad_to_aspect_ratio', 'antialias']) options.unused(key, false);
  const to = ['height', 'width'].map((key) => options.integers(key, 1) as number) as [number, number];
  const interpolation = options.oneOf('interpolation', ['nearest', 'bilinear'] as const, 'bilinear');
  return new ResizeImages({ ...options.common, to, relative: false, interpolation });
};

const centerCrop: Builder = (options, [input]) => {
  const [height, width] = ['height', 'width'].map((key) => options.integers(key, 1) as number);
  const [, rows, columns] = input;
  if (!rows || !columns || rows < height || columns < width)
    return options.refuse(`images of ${rows} x ${columns}, smaller than what is cropped`);
  const [top, left] = [Math.floor((rows - height) / 2), Math.floor((columns - width) / 2)];
  const cropping: [[number, number], [number, number]] = [
    [top, rows - height - top],
    [left, columns - width - left],
  ];
  return tf.layers.cropping2D({ ...options.common, cropping });
};

const randomCrop: Builder = (options, [input]) => {
  const [height, width] = ['height', 'width'].map((key) => options.integers(key, 1) as number);
  if (input[1] !== height || input[2] !== width)
    options.refuse(`images of ${input[1]} x ${input[2]}, which it would resize`);
  return augmentation(options, [input]);
};

/** What stands before a network. */
export const preprocessing: Readonly<Record<string, Builder>> = {
  ...Object.fromEntries(AUGMENTATIONS.map((name) => [name, augmentation])),
  Rescaling: rescaling,
  Resizing: resizing,
  CenterCrop: centerCrop,
  RandomCrop: randomCrop,
};
