import { expectImages, expectInteger, InputError, type Images, type ImageSet } from '@convlens/core';

/** What ImageData has, and what a canvas gives: height x width x 4 bytes, red, green, blue, alpha. */
export interface Rgba {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

export interface FromImageDataOptions {
  /** What a reader would call them; default "images". */
  readonly name?: string;
  /** 3 (default), or 1 for the red channel alone, which is right for images that are grey. */
  readonly channels?: 1 | 3;
  readonly labels?: ArrayLike<number>;
  readonly classNames?: readonly string[];
}

/**
 * A set of what a canvas gave: ImageData of one size, count x height x width x channels bytes. Alpha is dropped.
 *
 * @throws InputError if the sizes differ, or labels do not fit.
 */
export function fromImageData(images: readonly Rgba[], options: FromImageDataOptions = {}): ImageSet {
  const { name = 'images', channels = 3, labels, classNames = [] } = options;
  if (images.length === 0) throw new InputError('Expected at least one image, got none');
  const [{ width, height }] = images;
  const size = width * height;
  const pixels = new Uint8Array(images.length * size * channels);
  images.forEach((image, i) => {
    if (image.width !== width || image.height !== height)
      throw new InputError(
        `Expected image ${i} to be ${width} x ${height} as the first is, got ${image.width} x ${image.height}`,
      );
    for (let p = 0; p < size; p++)
      for (let c = 0; c < channels; c++) pixels[(i * size + p) * channels + c] = image.data[4 * p + c];
  });
  return fromArray(pixels, { shape: [images.length, height, width, channels], name, labels, classNames });
}

/** An image as `new ImageData(data, width, height)` and a canvas take it. Float pixels are rounded. */
export function toImageData(images: Images, index: number): Rgba & { data: Uint8ClampedArray<ArrayBuffer> } {
  expectImages('images', images);
  expectInteger('index', index, { max: images.count - 1 });
  const { pixels, width, height, channels } = images;
  const size = width * height;
  const data = new Uint8ClampedArray(size * 4);
  for (let p = 0, at = index * size * channels; p < size; p++, at += channels) {
    const hasColour = channels >= 3;
    data[4 * p] = pixels[at];
    data[4 * p + 1] = pixels[hasColour ? at + 1 : at];
    data[4 * p + 2] = pixels[hasColour ? at + 2 : at];
    data[4 * p + 3] = channels % 2 === 0 ? pixels[at + channels - 1] : 255;
  }
  return { data, width, height };
}

export interface FromArrayOptions {
  /** count, height, width, channels: what a tensor of images calls its shape. */
  readonly shape: readonly number[];
  /** What to multiply values with to get the scale 0..255, such as 255 for values on [0, 1]; default 1. */
  readonly scale?: number;
  readonly name?: string;
  readonly labels?: ArrayLike<number>;
  readonly classNames?: readonly string[];
}

/**
 * A set of a flat array, row-major, such as a tensor's: `fromArray(await tensor.data(), { shape: tensor.shape })`. A
 * Uint8Array or Float32Array on the right scale is taken as it is, not copied. Back: `tf.tensor4d(set.pixels, shapeOf(set))`.
 *
 * @throws InputError if the values do not fill the shape, or labels do not fit.
 */
export function fromArray(values: ArrayLike<number>, options: FromArrayOptions): ImageSet {
  const { shape, scale = 1, name = 'images', labels, classNames = [] } = options;
  if (shape.length !== 4)
    throw new InputError(`Expected shape to be count, height, width, channels, got ${shape.join(', ')}`);
  const [count, height, width, channels] = shape;
  const isReady = scale === 1 && (values instanceof Uint8Array || values instanceof Float32Array);
  const set: ImageSet = {
    kind: 'image-set',
    name,
    pixels: isReady ? values : Float32Array.from(values, (value) => value * scale),
    ...(labels && { labels: Int32Array.from(labels) }),
    count,
    height,
    width,
    channels,
    classNames,
  };
  expectImages(name, set);
  return set;
}

/** count, height, width, channels. */
export const shapeOf = ({ count, height, width, channels }: Images): [number, number, number, number] => [
  count,
  height,
  width,
  channels,
];
