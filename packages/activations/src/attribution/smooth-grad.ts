import * as tf from '@tensorflow/tfjs';
import { expectInteger, expectNumber, expectOneOf, InputError, normal, randomAt } from '@convlens/core';
import type { Heatmap, Images } from '@convlens/core';
import { drawAttributions, type PixelMethod, type PixelOptions } from './attribution.js';
import type { Explained } from './explanation.js';
import { meanGradient, type GradientMean } from './mean-gradient.js';
import { indexOf } from '../model/subject.js';

export interface SmoothGradNoise {
  /** How many noisy copies of each image are averaged; default 25, an integer >= 1. */
  samples?: number;
  /** Standard deviation of the noise, as a share of the range of what the model reads of the image; default 0.15. */
  noise?: number;
  /** Which noise is drawn; default 0. An image gets the same noise in whatever batch it stands. */
  seed?: number;
  /** The noise itself, instead of drawing it: for each sample height x width x channels, added to what the model reads. */
  draws?: readonly ArrayLike<number>[];
  /**
   * How the gradients become one: their 'mean' (default), the mean of their 'square' (SmoothGrad-squared: Hooker, Erhan,
   * Kindermans, Kim, A Benchmark for Interpretability Methods, 2019) or their 'variance' (VarGrad: Adebayo et al., 2018).
   */
  kind?: GradientMean;
}

export interface SmoothGradOptions extends PixelOptions, SmoothGradNoise {}

async function drawNoise({ subject, x, start }: Explained, { noise = 0.15, seed = 0 }: SmoothGradNoise) {
  const values = await x.data();
  const size = values.length / x.shape[0];
  const spreads = Array.from({ length: x.shape[0] }, (_, i) => {
    let [low, high] = [Infinity, -Infinity];
    for (const value of values.subarray(i * size, (i + 1) * size)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return noise * (high - low);
  });
  return (sample: number) => {
    const drawn = new Float32Array(values.length);
    spreads.forEach((spread, i) => {
      const random = randomAt(seed, 'smooth-grad', indexOf(subject.images, start + i), sample);
      for (let j = 0; j < size; j++) drawn[i * size + j] = spread * normal(random);
    });
    return tf.tensor4d(drawn, x.shape);
  };
}

export function computeSmoothGrad({
  draws,
  samples = draws?.length ?? 25,
  noise = 0.15,
  seed = 0,
  kind = 'mean',
}: SmoothGradNoise = {}): PixelMethod {
  expectInteger('samples', samples, { min: 1, max: draws?.length });
  expectNumber('noise', noise, { min: 0 });
  expectOneOf('kind', kind, ['mean', 'square', 'variance']);
  return async (batch) => {
    const { x } = batch;
    const [, ...size] = x.shape;
    const wrong = draws?.find(({ length }) => length !== size[0] * size[1] * size[2]);
    if (wrong)
      throw new InputError(`Expected each of draws to hold ${size.join(' x ')} values, got ${wrong.length}`);
    const noiseOf = draws
      ? (k: number) => tf.tensor4d(Float32Array.from(draws[k]), [1, ...size])
      : await drawNoise(batch, { noise, seed });
    return meanGradient(batch, { kind, count: samples, placeOf: (k) => tf.add(x, noiseOf(k)) });
  };
}

/**
 * The gradient averaged over noisy copies of the image, which takes away what changes from pixel to pixel. Default
 * collapse 'abs-max'. Smilkov, Thorat, Kim, Viégas, Wattenberg, SmoothGrad: Removing Noise by Adding Noise (2017).
 */
export async function smoothGrad(
  model: tf.LayersModel,
  images: Images,
  { collapse = 'abs-max', samples, noise, seed, draws, kind, ...options }: SmoothGradOptions = {},
): Promise<Heatmap[]> {
  return drawAttributions(model, images, {
    ...options,
    collapse,
    method: 'smooth-grad',
    compute: computeSmoothGrad({ samples, noise, seed, draws, kind }),
  });
}
