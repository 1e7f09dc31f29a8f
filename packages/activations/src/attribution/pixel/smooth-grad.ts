import * as tf from '@tensorflow/tfjs';
import {
  expectInteger,
  expectNumber,
  expectOneOf,
  expectOptions,
  imageIndex,
  InputError,
  normal,
  randomAt,
  type Heatmap,
  type Images,
  type OptionNames,
} from '@convlens/core';
import type { AttributionMethod } from '../attribution-method.js';
import { openExplainSession, type ExplainBatch, type PixelMethod } from '../explain-session.js';
import { GRADIENT_MEANS, meanGradient, type GradientMean } from './mean-gradient.js';
import {
  PIXEL_ATTRIBUTION_OPTIONS,
  pixelHeatmaps,
  type PixelAttributionOptions,
} from './pixel-attribution.js';

export interface SmoothGradParameters {
  /** The number of noisy copies of each image; default 25, an integer >= 1. */
  samples?: number;
  /**
   * The standard deviation of the noise, as a fraction of the range of the image's model input; default 0.15.
   */
  noise?: number;
  /** The seed of the noise; default 0. The noise of an image depends on its index, not on its batch. */
  seed?: number;
  /**
   * The noise to use in place of random noise: for each sample height x width x channels, added to the model
   * input.
   */
  noiseValues?: readonly ArrayLike<number>[];
  /**
   * How the gradients become one: their 'mean' (default), the mean of their 'square' (SmoothGrad-squared:
   * Hooker, Erhan, Kindermans, Kim, A Benchmark for Interpretability Methods, 2019) or their 'variance'
   * (VarGrad: Adebayo et al., 2018).
   */
  kind?: GradientMean;
}

const SMOOTH_GRAD_PARAMETERS: OptionNames<SmoothGradParameters> = {
  samples: true,
  noise: true,
  seed: true,
  noiseValues: true,
  kind: true,
};

export interface SmoothGradOptions extends PixelAttributionOptions, SmoothGradParameters {}

const SMOOTH_GRAD_OPTIONS: OptionNames<SmoothGradOptions> = {
  ...PIXEL_ATTRIBUTION_OPTIONS,
  ...SMOOTH_GRAD_PARAMETERS,
};

function rangeOf(values: ArrayLike<number>, start: number, end: number): number {
  let [minimum, maximum] = [Infinity, -Infinity];
  for (let i = start; i < end; i++) {
    minimum = Math.min(minimum, values[i]);
    maximum = Math.max(maximum, values[i]);
  }
  return maximum - minimum;
}

/**
 * Returns a function from the index of a sample to Gaussian noise of the shape of the batch: a new tensor.
 */
async function sampleNoise(
  { modelInput, x, start }: ExplainBatch,
  { noise, seed }: { noise: number; seed: number },
): Promise<(sample: number) => tf.Tensor4D> {
  const [images] = x.shape;
  const inputs = await x.data();
  const size = inputs.length / images;
  const deviations = Array.from(
    { length: images },
    (_, i) => noise * rangeOf(inputs, i * size, (i + 1) * size),
  );
  return (sample) => {
    const values = new Float32Array(inputs.length);
    deviations.forEach((deviation, i) => {
      const random = randomAt(seed, 'smooth-grad', imageIndex(modelInput.images, start + i), sample);
      for (let j = 0; j < size; j++) values[i * size + j] = deviation * normal(random);
    });
    return tf.tensor4d(values, x.shape);
  };
}

function computeSmoothGrad({
  noiseValues,
  samples = noiseValues?.length ?? 25,
  noise = 0.15,
  seed = 0,
  kind = 'mean',
}: SmoothGradParameters): PixelMethod {
  expectInteger('samples', samples, { min: 1, max: noiseValues?.length });
  expectNumber('noise', noise, { min: 0 });
  expectOneOf('kind', kind, GRADIENT_MEANS);
  return async (batch) => {
    const { x } = batch;
    const [, ...size] = x.shape;
    const wrong = noiseValues?.find(({ length }) => length !== size[0] * size[1] * size[2]);
    if (wrong)
      throw new InputError(
        `Expected each of noiseValues to hold ${size.join(' x ')} values, got ${wrong.length}`,
      );
    const noiseOf = noiseValues
      ? (k: number) => tf.tensor4d(Float32Array.from(noiseValues[k]), [1, ...size])
      : await sampleNoise(batch, { noise, seed });
    return meanGradient(batch, { kind, count: samples, pointOf: (k) => tf.add(x, noiseOf(k)) });
  };
}

/**
 * SmoothGrad: the gradient averaged over noisy copies of the image, which removes its high-frequency noise.
 * Default collapse 'abs-max'. Smilkov, Thorat, Kim, Viégas, Wattenberg, SmoothGrad: Removing Noise by Adding
 * Noise (2017).
 */
export async function smoothGrad(
  model: tf.LayersModel,
  images: Images,
  options: SmoothGradOptions = {},
): Promise<Heatmap[]> {
  expectOptions('smoothGrad', options, SMOOTH_GRAD_OPTIONS);
  const { collapse = 'abs-max' } = options;
  const compute = computeSmoothGrad(options);
  const session = openExplainSession(model, images, options);
  return pixelHeatmaps(session, { collapse, entry: smoothGradMethod, compute });
}

export const smoothGradMethod: AttributionMethod = {
  id: 'smooth-grad',
  title: 'SmoothGrad',
  family: 'pixel',
  usesLayer: false,
  cost: 'medium',
  explain: smoothGrad,
  attribute: computeSmoothGrad,
  parameters: SMOOTH_GRAD_PARAMETERS,
};
