import * as tf from '@tensorflow/tfjs';
import type { LayerOptions } from '../keras/layer-options.js';
import { ResizeImages } from '../layers/resize-images.js';
import type { Builder, Builders } from './builder.js';
import { identityWithWarning } from './core-layers.js';

/** Layers that change images in training only. */
const AUGMENTATION_LAYERS = [
  'AugMix',
  'CutMix',
  'MixUp',
  'RandAugment',
  'RandomBrightness',
  'RandomColorDegeneration',
  'RandomColorJitter',
  'RandomContrast',
  'RandomElasticTransform',
  'RandomErasing',
  'RandomFlip',
  'RandomGaussianBlur',
  'RandomGrayscale',
  'RandomHeight',
  'RandomHue',
  'RandomInvert',
  'RandomPerspective',
  'RandomPosterization',
  'RandomRotation',
  'RandomSaturation',
  'RandomSharpness',
  'RandomShear',
  'RandomTranslation',
  'RandomWidth',
  'RandomZoom',
];

const augmentation: Builder = (options) =>
  identityWithWarning(options, 'is imported as the identity, as in inference');

/** TensorFlow.js takes a list, with a value per channel, although it declares a number. */
function readPerChannel(options: LayerOptions, key: string, fallback?: number): number {
  const values = options.numbers(key, fallback);
  return (values.length === 1 ? values[0] : values) as number;
}

const rescaling: Builder = (options) =>
  tf.layers.rescaling({
    ...options.common,
    scale: readPerChannel(options, 'scale'),
    offset: readPerChannel(options, 'offset', 0),
  });

function readSize(options: LayerOptions): [height: number, width: number] {
  return [options.integer('height'), options.integer('width')];
}

const resizing: Builder = (options) => {
  for (const key of ['crop_to_aspect_ratio', 'pad_to_aspect_ratio', 'antialias'])
    options.expectUnused(key, false);
  const interpolation = options.oneOf('interpolation', ['nearest', 'bilinear'] as const, 'bilinear');
  return new ResizeImages({ ...options.common, to: readSize(options), relative: false, interpolation });
};

const centerCrop: Builder = (options, [[, rows, columns]]) => {
  const [height, width] = readSize(options);
  if (!rows || !columns || rows < height || columns < width)
    return options.fail(`images of ${rows} x ${columns}, smaller than the crop`);
  const top = Math.floor((rows - height) / 2);
  const left = Math.floor((columns - width) / 2);
  const cropping: [[number, number], [number, number]] = [
    [top, rows - height - top],
    [left, columns - width - left],
  ];
  return tf.layers.cropping2D({ ...options.common, cropping });
};

/** In inference Keras resizes images of another size. */
const randomCrop: Builder = (options, [input]) => {
  const [height, width] = readSize(options);
  if (input[1] !== height || input[2] !== width)
    options.fail(`images of ${input[1]} x ${input[2]}, which it would resize`);
  return augmentation(options, [input]);
};

export const preprocessing: Builders = {
  ...Object.fromEntries(AUGMENTATION_LAYERS.map((name) => [name, augmentation])),
  CenterCrop: centerCrop,
  RandomCrop: randomCrop,
  Rescaling: rescaling,
  Resizing: resizing,
};
