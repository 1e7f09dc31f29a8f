import * as tf from '@tensorflow/tfjs';
import { BACKEND_NAME } from '../backend-name.js';
import { SimdBackend } from '../backend.js';

/** Backend `simd`, if it is active. The replaced parts of TensorFlow.js call the originals otherwise. */
export function activeBackend(): SimdBackend | undefined {
  if (tf.getBackend() !== BACKEND_NAME) return undefined;
  const backend = tf.backend();
  return backend instanceof SimdBackend ? backend : undefined;
}

/**
 * The nesting depth of tf.grad. For second-order gradients the fused kernels would have to be differentiable
 * themselves, so the operations of TensorFlow.js run instead.
 */
export const gradientDepth = (): number => tf.engine().state.gradientDepth;
