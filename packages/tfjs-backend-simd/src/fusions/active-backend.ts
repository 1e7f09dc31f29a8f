import * as tf from '@tensorflow/tfjs';
import { SimdBackend } from '../backend.js';
import { BACKEND } from '../name.js';

/** Our backend, where it is the active one: what replaces a piece of TensorFlow.js does so only then. */
export function activeBackend(): SimdBackend | undefined {
  if (tf.getBackend() !== BACKEND) return undefined;
  const backend = tf.backend();
  return backend instanceof SimdBackend ? backend : undefined;
}

/**
 * How many gradients are being recorded, one within the other. Within a second one, what we fuse would have to be
 * differentiable itself, so TensorFlow.js's own operations are left to run.
 */
export const gradientDepth = (): number => tf.engine().state.gradientDepth;
