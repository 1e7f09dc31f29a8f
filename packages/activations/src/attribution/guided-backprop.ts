import * as tf from '@tensorflow/tfjs';
import type { Heatmap, Images } from '@convlens/core';
import { drawAttributions, type PixelMethod, type PixelOptions } from './attribution.js';
import { gradientWithRule, withBackwardRule } from './rectifier-hooks.js';

/** What is above zero passes, where the rectifier passed a value above zero unchanged. */
const guided = withBackwardRule((dy, x, y) =>
  tf.mul(tf.relu(dy), tf.mul(tf.step(x), tf.cast(tf.equal(x, y), 'float32'))),
);

export const computeGuidedBackprop: PixelMethod = (batch) => gradientWithRule(batch, guided);

/**
 * The gradient, but at each rectifier (ReLU, LeakyReLU, ELU ...) only what is above zero goes on, and only where the
 * rectifier's input was above zero. Default collapse 'abs-max'. Springenberg, Dosovitskiy, Brox, Riedmiller, Striving
 * for Simplicity (2015).
 */
export async function guidedBackprop(
  model: tf.LayersModel,
  images: Images,
  { collapse = 'abs-max', ...options }: PixelOptions = {},
): Promise<Heatmap[]> {
  return drawAttributions(model, images, {
    ...options,
    collapse,
    method: 'guided-backprop',
    compute: computeGuidedBackprop,
  });
}
