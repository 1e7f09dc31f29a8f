import {
  expectImages,
  expectInteger,
  expectNumber,
  expectOneOf,
  InputError,
  randomAt,
  type Images,
} from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { inputPosition } from '../model/model-input.js';

export const START_IMAGES = ['zeros', 'gray', 'noise'] as const;

/**
 * The image an optimization starts from: black, gray (128), noise around gray, one image for all, or one per
 * objective.
 */
export type StartImage = (typeof START_IMAGES)[number] | Images;

export interface StartOptions {
  /** Default 'noise'. */
  start?: StartImage;
  /** The largest difference of the noise from gray, in levels of 0..255; default 20. */
  noise?: number;
  /** The height of the images, for a model that reads any size; default that of the model, or of `start`. */
  height?: number;
  /** The width of the images, for a model that reads any size; default that of the model, or of `start`. */
  width?: number;
  /** The seed of noise and transformations; default 0. */
  seed?: number;
}

type ImageSize = Pick<Images, 'height' | 'width' | 'channels'>;

const GRAY = 128;

/**
 * The input of the model that reads images: the first of rank 4 without values in `inputs`, or the only one, of height x width without
 * channels.
 */
function imageInputShape(model: tf.LayersModel, inputs: object): tf.Shape {
  const otherInputs = Object.keys(inputs).map((key) => inputPosition(model, key));
  const imageInputs = model.inputs.filter((_, position) => !otherInputs.includes(position));
  const shape = imageInputs.find((input) => input.shape.length === 4)?.shape;
  const [only, ...others] = imageInputs;
  if (!shape && others.length === 0 && only?.shape.length === 3) return [...only.shape, 1];
  if (!shape) throw new InputError('Expected a model that reads images, got none of its inputs that does');
  return shape;
}

/** One side of the images, from the option, the start image or the model. */
function expectSide(
  name: 'height' | 'width',
  side: number | undefined,
  { startImage, modelSide }: { startImage: Images | undefined; modelSide: number | null },
): number {
  if (startImage && side !== undefined && side !== startImage[name])
    throw new InputError(
      `Expected ${name} to be ${startImage[name]}, as start has, or left out, got ${side}`,
    );
  const resolved = side ?? startImage?.[name] ?? modelSide;
  if (resolved === null) throw new InputError(`Expected ${name}, for a model that reads images of any size`);
  return expectInteger(name, resolved, { min: 1 });
}

function sizeOf(
  model: tf.LayersModel,
  { start, height, width, inputs = {} }: StartOptions & { inputs?: object },
): ImageSize {
  const [, modelHeight, modelWidth, modelChannels] = imageInputShape(model, inputs);
  const startImage = typeof start === 'object' ? start : undefined;
  return {
    height: expectSide('height', height, { startImage, modelSide: modelHeight }),
    width: expectSide('width', width, { startImage, modelSide: modelWidth }),
    channels: expectInteger('channels', startImage?.channels ?? modelChannels, { min: 1, max: 4 }),
  };
}

function expectStart(start: StartImage, count: number): void {
  if (typeof start !== 'object') {
    expectOneOf('start', start, START_IMAGES);
    return;
  }
  expectImages('start', start);
  if (start.count !== count && start.count !== 1)
    throw new InputError(`Expected start to be 1 image or ${count}, one per objective, got ${start.count}`);
}

/** The values of one start image. */
function startPixels(
  start: (typeof START_IMAGES)[number],
  { length, noise, seed }: { length: number; noise: number; seed: number },
): Float32Array {
  const pixels = new Float32Array(length).fill(start === 'zeros' ? 0 : GRAY);
  if (start !== 'noise') return pixels;
  const random = randomAt(seed, 'optimize-images', 'start');
  return pixels.map((level) => level + noise * (2 * random() - 1));
}

export interface StartImagesOptions extends StartOptions {
  /** The number of images. */
  count: number;
  classNames: readonly string[];
  /** The values of the model's other inputs, by name. */
  inputs?: object;
}

/**
 * The images that an optimization starts from. Noise is the same in all of them, so that the results differ
 * by their objectives only and do not depend on the batch.
 *
 * @throws InputError if the size is unknown, or `start` does not fit it.
 */
export function startImages(model: tf.LayersModel, options: StartImagesOptions): Images {
  const { count, classNames, start = 'noise', noise = 20, seed = 0 } = options;
  expectStart(start, count);
  expectNumber('noise', noise, { min: 0, max: 128 });
  const size = sizeOf(model, options);
  const length = size.height * size.width * size.channels;
  const pixels = new Float32Array(count * length);
  const first = typeof start === 'object' ? start.pixels : startPixels(start, { length, noise, seed });
  for (let offset = 0; offset < pixels.length; offset += first.length) pixels.set(first, offset);
  return { name: typeof start === 'object' ? start.name : start, pixels, count, ...size, classNames };
}
