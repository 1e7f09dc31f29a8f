import * as tf from '@tensorflow/tfjs';
import { correctGradients } from '@convlens/tfjs-gradients';

interface EngineState {
  gradientDepth: number;
  activeTape: { saved?: tf.Tensor[] }[] | null;
}

/**
 * d f(x) / d x, of the shape of x, for a scalar f; a new tensor. If f or a kernel of the gradient throws,
 * tf.grad leaks the tensors that its tape saved; this does not. The gradients of TensorFlow.js are corrected first.
 */
export function gradientOf<T extends tf.Tensor>(f: (x: T) => tf.Scalar, x: T): T {
  correctGradients();
  const { state } = tf.engine() as unknown as { state: EngineState };
  try {
    return tf.grad((y) => f(y as T))(x) as T;
  } catch (error) {
    if (state.gradientDepth === 0) {
      for (const { saved } of state.activeTape ?? []) saved?.forEach((tensor) => tensor.dispose());
      state.activeTape = null;
    }
    throw error;
  }
}
