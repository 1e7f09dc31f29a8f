import {
  expectImageArray,
  expectNumbers,
  expectObject,
  expectList,
  expectImages,
  expectInteger,
  expectNumber,
  expectOneOf,
  expectOptions,
  InputError,
  type Images,
  type ImageSet,
  type OptionNames,
} from '@convlens/core';

/** An ImageData, or an object with the same fields. */
export interface ImageDataLike {
  /** height x width x 4 bytes: red, green, blue and alpha. */
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

export interface FromImageDataOptions {
  /** The name of the set; default "images". */
  readonly name?: string;
  /** 3 (default), or 1 for the red channel alone, as gray images have equal channels. */
  readonly channels?: 1 | 3;
  /** The class index of each image. */
  readonly labels?: ArrayLike<number>;
  /** Default none. */
  readonly classNames?: readonly string[];
}

export const FROM_IMAGE_DATA_OPTIONS: OptionNames<FromImageDataOptions> = {
  name: true,
  channels: true,
  labels: true,
  classNames: true,
};

/**
 * A set of ImageData of one size: count x height x width x channels bytes. Alpha is dropped.
 *
 * @throws InputError if there is no image, the sizes differ, or the labels do not fit.
 */
export function fromImageData(
  images: readonly ImageDataLike[],
  options: FromImageDataOptions = {},
): ImageSet {
  expectOptions('fromImageData', options, FROM_IMAGE_DATA_OPTIONS);
  expectList('images', images, expectObject);
  const { name = 'images', channels = 3, labels, classNames = [] } = options;
  expectOneOf('channels', String(channels), ['1', '3']);
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

/** Uint8ClampedArray<ArrayBuffer>, which `new ImageData` asks for, in words that TypeScript before 5.7 knows too. */
export type OwnBytes = ReturnType<typeof Uint8ClampedArray.of>;

/**
 * An image as the arguments of `new ImageData(data, width, height)`. Float pixels are rounded and clamped to 0..255; gray is
 * repeated; the second of 2 and the fourth of 4 channels is alpha.
 *
 * @param index the position of the image
 * @throws InputError if there is no such image.
 */
export function toImageData(images: Images, index: number): ImageDataLike & { data: OwnBytes } {
  expectImages('images', images);
  expectInteger('index', index, { max: images.count - 1 });
  const { pixels, width, height, channels } = images;
  const size = width * height;
  const data = new Uint8ClampedArray(size * 4);
  const [green, blue] = channels >= 3 ? [1, 2] : [0, 0];
  const hasAlpha = channels % 2 === 0;
  for (let p = 0, from = index * size * channels; p < size; p++, from += channels) {
    data[4 * p] = pixels[from];
    data[4 * p + 1] = pixels[from + green];
    data[4 * p + 2] = pixels[from + blue];
    data[4 * p + 3] = hasAlpha ? pixels[from + channels - 1] : 255;
  }
  return { data, width, height };
}

export interface FromArrayOptions {
  /** [count, height, width, channels], such as the shape of a tensor. */
  readonly shape: readonly number[];
  /** The factor from the values to 0..255, such as 255 for values in [0, 1]; default 1. */
  readonly scale?: number;
  /** The name of the set; default "images". */
  readonly name?: string;
  /** The class index of each image. */
  readonly labels?: ArrayLike<number>;
  /** Default none. */
  readonly classNames?: readonly string[];
}

const FROM_ARRAY_OPTIONS: OptionNames<FromArrayOptions> = {
  shape: true,
  scale: true,
  name: true,
  labels: true,
  classNames: true,
};

/**
 * A set of a flat, row-major array, such as the values of a tensor: `fromArray(await tensor.data(), { shape: tensor.shape })`.
 * A Uint8Array or Float32Array with `scale` 1 is used without a copy. The other way:
 * `tf.tensor4d(set.pixels, shapeOf(set))`.
 *
 * @throws InputError if the values do not fill the shape, or the labels do not fit.
 */
export function fromArray(values: ArrayLike<number>, options: FromArrayOptions): ImageSet {
  expectOptions('fromArray', options, FROM_ARRAY_OPTIONS);
  expectNumbers('values', values);
  expectObject('the options of fromArray', options);
  expectList('shape', options.shape);
  const { shape, scale = 1, name = 'images', labels, classNames = [] } = options;
  if (shape.length !== 4)
    throw new InputError(`Expected shape to be count, height, width, channels, got ${shape.join(', ')}`);
  expectNumber('scale', scale);
  const [count, height, width, channels] = shape;
  const isUsable = scale === 1 && (values instanceof Uint8Array || values instanceof Float32Array);
  const set: ImageSet = {
    kind: 'image-set',
    name,
    pixels: isUsable ? values : Float32Array.from(values, (value) => value * scale),
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

/** [count, height, width, channels]. */
export function shapeOf(images: Images): [number, number, number, number] {
  expectImageArray('images', images);
  return [images.count, images.height, images.width, images.channels];
}
