import {
  expectObject,
  expectModel,
  expectImageArray,
  evenlySpaced,
  expectOptions,
  InputError,
  preprocess,
  type Images,
  type OptionNames,
  type Preprocessing,
} from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { symmetricEigen, type EigenPair } from './symmetric-eigen.js';

export interface WhitenOptions {
  /** The images whose patches are measured. */
  images: Images;
  /** From pixels to model inputs. Default UNIT_RANGE: [0, 1]. */
  preprocessing?: Preprocessing;
  /**
   * Added to each variance, so that components of small variance are not amplified without limit. >= 0,
   * default 5e-4.
   */
  epsilon?: number;
}

const WHITEN_OPTIONS: OptionNames<WhitenOptions> = { images: true, preprocessing: true, epsilon: true };

/** The number of images that are measured, evenly spaced over the set: their patches are millions. */
const MAX_IMAGES = 5000;

/**
 * Sets the first convolution of a model to whiten its inputs, and freezes it. Its filters are the principal
 * components of the patches of the images, each divided by the square root of its variance (its mean square:
 * patches are not centered), and the negatives of these (Page, How to Train Your ResNet 8, 2018; Jordan,
 * 2024). n filters use the n / 2 components with the largest variance. A bias becomes 0. Call it before the
 * model is compiled, because the layer is then no longer trainable.
 *
 * @throws InputError if the model has no convolution, if the number of its filters is odd or more than two
 * per component, or if the images are smaller than a patch or have another number of channels.
 */
export function whitenFirstConvolution(model: tf.LayersModel, options: WhitenOptions): void {
  expectOptions('whitenFirstConvolution', options, WHITEN_OPTIONS);
  expectModel('model', model);
  expectObject('the options of whitenFirstConvolution', options);
  expectImageArray('images', options.images);
  const { images, preprocessing, epsilon = 5e-4 } = options;
  const layer = model.layers.find((candidate) => candidate.getClassName() === 'Conv2D');
  if (!layer) throw new InputError('Expected a model with a convolution to whiten, got none');
  const [kernel, bias] = layer.getWeights();
  const shape = expectWhitenable(layer, kernel, images);
  const [height, width, , filters] = shape;
  const components = symmetricEigen(patchSecondMoments(images, { height, width, preprocessing }));
  tf.tidy(() => {
    const values = whiteningKernel(components, filters, epsilon);
    layer.setWeights([tf.tensor(values, shape), ...(bias ? [tf.zerosLike(bias)] : [])]);
  });
  layer.trainable = false;
}

type KernelShape = [height: number, width: number, channels: number, filters: number];

/** The shape of the kernel; throws an InputError if it does not fit the images. */
function expectWhitenable({ name }: tf.layers.Layer, kernel: tf.Tensor, images: Images): KernelShape {
  const shape = kernel.shape as KernelShape;
  const [height, width, channels, filters] = shape;
  if (channels !== images.channels)
    throw new InputError(
      `Expected a first convolution that reads ${images.channels} channels,` +
        ` got ${name}, which reads ${channels}`,
    );
  if (images.height < height || images.width < width)
    throw new InputError(
      `Expected images of at least ${height} x ${width}, a patch of ${name},` +
        ` got ${images.height} x ${images.width}`,
    );
  const maxFilters = 2 * height * width * channels;
  if (filters % 2 !== 0 || filters > maxFilters)
    throw new InputError(
      `Expected an even number of filters to whiten, at most ${maxFilters}, got ${filters} in ${name}`,
    );
  return shape;
}

/** The values of the kernel, [patch value][filter]: scaled components, then their negatives. */
function whiteningKernel(components: readonly EigenPair[], filters: number, epsilon: number): Float32Array {
  const half = filters / 2;
  const kernel = new Float32Array(components.length * filters);
  for (let filter = 0; filter < half; filter++) {
    const { eigenvalue, eigenvector } = components[filter];
    const std = Math.sqrt(Math.max(0, eigenvalue) + epsilon);
    eigenvector.forEach((entry, i) => {
      kernel[i * filters + filter] = entry / std;
      kernel[i * filters + filter + half] = -entry / std;
    });
  }
  return kernel;
}

interface PatchOptions {
  height: number;
  width: number;
  preprocessing?: Preprocessing;
}

/**
 * The mean product of each pair of values of a patch, over all patches: [value][value], in the order of a
 * kernel.
 */
function patchSecondMoments(images: Images, { height, width, preprocessing }: PatchOptions): number[][] {
  const [rows, columns] = [images.height - height + 1, images.width - width + 1];
  const offsets = patchOffsets(images, height, width);
  const sums = offsets.map(() => new Float64Array(offsets.length));
  const patch = new Float64Array(offsets.length);
  const indices = evenlySpaced(images.count, MAX_IMAGES);
  for (const index of indices) {
    const values = preprocess(images, preprocessing, { start: index, end: index + 1 });
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const start = (row * images.width + column) * images.channels;
        for (let a = 0; a < patch.length; a++) patch[a] = values[start + offsets[a]];
        addProducts(sums, patch);
      }
  }
  const patches = indices.length * rows * columns;
  return sums.map((_, a) => sums.map((__, b) => sums[Math.max(a, b)][Math.min(a, b)] / patches));
}

/** The positions of the values of a patch, relative to its first value. */
const patchOffsets = (images: Images, height: number, width: number): number[] =>
  Array.from({ length: height * width * images.channels }, (_, i) => {
    const pixel = Math.floor(i / images.channels);
    const position = Math.floor(pixel / width) * images.width + (pixel % width);
    return position * images.channels + (i % images.channels);
  });

/** Adds the products of all pairs of values to the lower triangle of `sums`. */
function addProducts(sums: readonly Float64Array[], patch: Float64Array): void {
  for (let a = 0; a < patch.length; a++) {
    const sum = sums[a];
    for (let b = 0; b <= a; b++) sum[b] += patch[a] * patch[b];
  }
}
