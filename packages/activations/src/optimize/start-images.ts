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

/** What is started from: black, grey (128), noise around grey, or images: one for all, or one an objective. */
export type StartImage = 'zeros' | 'grey' | 'noise' | Images;

export interface StartOptions {
  /** Default 'noise'. */
  start?: StartImage;
  /** How far noise reaches from grey, either way; default 20, in levels of 0..255. */
  noise?: number;
  /** The side of images for a model that reads any size. Default: what the model reads, or the start's own. */
  height?: number;
  width?: number;
  /** Of what is drawn; default 0. */
  seed?: number;
}

const GREY = 128;

function sizeOf(
  model: tf.LayersModel,
  { start, height, width, inputs = {} }: StartOptions & { inputs?: object },
): [number, number, number] {
  const free = model.inputs.filter(({ sourceLayer }) => !Object.hasOwn(inputs, sourceLayer.name));
  const shape = free.find((input) => input.shape.length === 4)?.shape;
  if (!shape) throw new InputError('Expected a model that reads images, got none of its inputs that does');
  const given = typeof start === 'object' ? start : undefined;
  const sides = [height ?? given?.height, width ?? given?.width].map((side, i) => {
    const name = (['height', 'width'] as const)[i];
    const own = shape[i + 1];
    if (given && side !== given[name])
      throw new InputError(`Expected ${name} to be ${given[name]}, as start has, or left out, got ${side}`);
    if (side === undefined && own === null)
      throw new InputError(`Expected ${name}, for a model that reads images of any size`);
    return expectInteger(name, side ?? own, { min: 1 });
  });
  const channels = shape[3] ?? given?.channels;
  return [sides[0], sides[1], expectInteger('channels', channels, { min: 1, max: 4 })];
}

/**
 * The images that an optimization starts from, `count` of them. Noise is the same in all of them, so that they differ by
 * what they are made for alone, and an image is the same in whatever batch it stands.
 */
export function startImages(
  model: tf.LayersModel,
  {
    count,
    classNames,
    ...options
  }: StartOptions & {
    count: number;
    classNames: readonly string[];
    /** What the model's other inputs read: no images are made for these. */
    inputs?: object;
  },
): Images {
  const { start = 'noise', noise = 20, seed = 0 } = options;
  if (typeof start !== 'object') expectOneOf('start', start, ['zeros', 'grey', 'noise']);
  else {
    expectImages('start', start);
    if (start.count !== count && start.count !== 1)
      throw new InputError(`Expected start to be 1 image or ${count}, one an objective, got ${start.count}`);
  }
  expectNumber('noise', noise, { min: 0, max: 128 });
  const [height, width, channels] = sizeOf(model, options);
  const size = height * width * channels;
  const pixels = new Float32Array(count * size);
  if (typeof start === 'object') {
    for (let i = 0; i < count; i += start.count) pixels.set(start.pixels, i * size);
    const { height: h, width: w, channels: c } = start;
    return { name: start.name, pixels, count, height: h, width: w, channels: c, classNames };
  }
  if (start !== 'zeros') pixels.fill(GREY);
  if (start === 'noise') {
    const random = randomAt(seed, 'optimize-images', 'start');
    for (let j = 0; j < size; j++) pixels[j] += noise * (2 * random() - 1);
    for (let i = 1; i < count; i++) pixels.copyWithin(i * size, 0, size);
  }
  return { name: start, pixels, count, height, width, channels, classNames };
}
