import * as tf from '@tensorflow/tfjs';
import { expectInteger, expectNumber, type Heatmap, type Images } from '@convlens/core';
import { drawAttributions, type PixelMethod, type PixelOptions } from './attribution.js';
import { meanGradient } from './mean-gradient.js';
import { readLevel } from '../model/subject.js';

export interface IntegratedGradientsSteps {
  /** How many gradients are averaged, at the midpoints of as many equal steps; default 32, an integer >= 1. */
  steps?: number;
  /** The level of every pixel of the image to start from; default 0 (black), 0 to 255. */
  baseline?: number;
}

export interface IntegratedGradientsOptions extends PixelOptions, IntegratedGradientsSteps {}

export function computeIntegratedGradients({
  steps = 32,
  baseline = 0,
}: IntegratedGradientsSteps = {}): PixelMethod {
  expectInteger('steps', steps, { min: 1 });
  expectNumber('baseline', baseline, { min: 0, max: 255 });
  return async (batch) => {
    const start = tf.tensor1d(readLevel(batch.subject, baseline));
    const way = tf.sub(batch.x, start);
    try {
      const mean = await meanGradient(batch, {
        count: steps,
        placeOf: (k) => tf.add(start, tf.mul(way, (k + 0.5) / steps)),
      });
      const result: tf.Tensor4D = tf.mul(mean, way);
      mean.dispose();
      return result;
    } finally {
      tf.dispose([start, way]);
    }
  };
}

/**
 * The gradient averaged along the straight way from an empty image to the image, times the way: contributions that add
 * up to the difference of the two scores. Default collapse 'sum', which keeps that. Sundararajan, Taly, Yan, Axiomatic
 * Attribution for Deep Networks (2017).
 */
export async function integratedGradients(
  model: tf.LayersModel,
  images: Images,
  { collapse = 'sum', steps, baseline, ...options }: IntegratedGradientsOptions = {},
): Promise<Heatmap[]> {
  return drawAttributions(model, images, {
    ...options,
    collapse,
    method: 'integrated-gradients',
    compute: computeIntegratedGradients({ steps, baseline }),
  });
}
