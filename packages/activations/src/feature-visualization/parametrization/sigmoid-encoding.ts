import * as tf from '@tensorflow/tfjs';
import type { Encoding } from './encoding.js';
import { PIXEL_ENCODING } from './pixel-encoding.js';

/** Pixels are clipped to this distance from 0 and 1, where the sigmoid has no gradient. */
const MARGIN = 0.02;

/**
 * The slope of the sigmoid at gray: a step of one level there needs four times the change of the parameter.
 */
const SLOPE_AT_GRAY = 1 / 4;

/** The image is the sigmoid of what `inner` decodes, so that all pixels are within 0..1. */
export function sigmoidEncoding(inner: Encoding): Encoding {
  return {
    encode: (image) =>
      tf.tidy(() => {
        const inside = tf.clipByValue(image, MARGIN, 1 - MARGIN);
        return inner.encode(tf.add(tf.log(tf.div(inside, tf.sub(1, inside))), 0.5));
      }),
    decode: (parameters) => tf.tidy(() => tf.sigmoid(tf.sub<tf.Tensor4D>(inner.decode(parameters), 0.5))),
    pullBack: (gradient, image) =>
      tf.tidy(() => inner.pullBack(tf.mul<tf.Tensor4D>(gradient, tf.mul(image, tf.sub(1, image))), image)),
    unit: inner === PIXEL_ENCODING ? inner.unit / SLOPE_AT_GRAY : inner.unit,
    dispose: inner.dispose,
  };
}
