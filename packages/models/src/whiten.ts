import { InputError, preprocess, type Images, type Preprocessing } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { symmetricEigen } from './symmetric-eigen.js';

export interface WhitenOptions {
  /** From pixels to what the model reads. Default UNIT_RANGE: [0, 1]. */
  preprocessing?: Preprocessing;
  /** Added to each variance, so that components that hardly vary are not blown up. >= 0, default 5e-4. */
  epsilon?: number;
}

/**
 * How many images are measured: all their patches are millions, and a covariance needs no more. They are taken evenly over
 * the set.
 */
const IMAGES = 5000;

/**
 * Sets the first convolution of a model to whiten what it reads, and fixes it: its filters are the principal components of
 * the patches of these images, each divided by the square root of its variance (its mean square: patches are not centred),
 * and the negatives of the same (Page, How to Train Your ResNet 8, 2018; Jordan, 2024). Of n filters n / 2 components are
 * taken, the strongest first. A bias becomes 0. Call it before the model is compiled: the layer is not trainable any more.
 *
 * @throws InputError if the model has no convolution, has an odd number of filters there or more than two a component, or
 *   if the images are smaller than a patch or have other channels.
 */
export function whitenFirstConvolution(
  model: tf.LayersModel,
  { images, preprocessing, epsilon = 5e-4 }: WhitenOptions & { images: Images },
): void {
  const layer = model.layers.find((one) => one.getClassName() === 'Conv2D');
  if (!layer) throw new InputError('Expected a model with a convolution to whiten, got none');
  const [kernel, bias] = layer.getWeights();
  const [height, width, channels, filters] = kernel.shape as [number, number, number, number];
  const size = height * width * channels;
  if (channels !== images.channels)
    throw new InputError(
      `Expected a first convolution that reads ${images.channels} channels, got ${layer.name}, which reads ${channels}`,
    );
  if (images.height < height || images.width < width)
    throw new InputError(
      `Expected images of at least ${height} x ${width}, a patch of ${layer.name}, got ${images.height} x ${images.width}`,
    );
  if (filters % 2 !== 0 || filters > 2 * size)
    throw new InputError(
      `Expected an even number of filters to whiten, at most ${2 * size}, got ${filters} in ${layer.name}`,
    );
  const components = symmetricEigen(momentsOf(images, { height, width, preprocessing }));
  tf.tidy(() => {
    const values = new Float32Array(size * filters);
    for (let filter = 0; filter < filters / 2; filter++) {
      const { value, vector } = components[filter];
      const spread = Math.sqrt(Math.max(0, value) + epsilon);
      vector.forEach((entry, at) => {
        values[at * filters + filter] = entry / spread;
        values[at * filters + filter + filters / 2] = -entry / spread;
      });
    }
    layer.setWeights([tf.tensor(values, kernel.shape), ...(bias ? [tf.zerosLike(bias)] : [])]);
  });
  layer.trainable = false;
}

/** The mean of the product of each pair of values of a patch, over all patches: [value][value], in the order of a kernel. */
function momentsOf(
  images: Images,
  { height, width, preprocessing }: { height: number; width: number; preprocessing?: Preprocessing },
): number[][] {
  const { channels } = images;
  const [rows, columns] = [images.height - height + 1, images.width - width + 1];
  const offsets = Array.from({ length: height * width * channels }, (_, at) => {
    const place = Math.floor(at / channels);
    return (Math.floor(place / width) * images.width + (place % width)) * channels + (at % channels);
  });
  const sums = offsets.map(() => new Float64Array(offsets.length));
  const patch = new Float64Array(offsets.length);
  const count = Math.min(IMAGES, images.count);
  for (let i = 0; i < count; i++) {
    const start = Math.floor((i * images.count) / count);
    const values = preprocess(images, preprocessing, { start, end: start + 1 });
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const from = (row * images.width + column) * channels;
        for (let a = 0; a < patch.length; a++) patch[a] = values[from + offsets[a]];
        for (let a = 0; a < patch.length; a++) {
          const sum = sums[a];
          for (let b = 0; b <= a; b++) sum[b] += patch[a] * patch[b];
        }
      }
  }
  const patches = count * rows * columns;
  return sums.map((_, a) => sums.map((__, b) => sums[Math.max(a, b)][Math.min(a, b)] / patches));
}
