import * as tf from '@tensorflow/tfjs';

interface TapeNode {
  readonly saved?: readonly tf.Tensor[];
}

/** The members of the engine of TensorFlow.js that are used here. */
interface Engine {
  state: { gradientDepth: number; activeTape: TapeNode[] | null };
  gradients(...args: unknown[]): unknown;
}

/**
 * Disposes of the result and of the tensors that were saved for a gradient if its computation throws (out of memory).
 * TensorFlow.js disposes of them only at the end of the backward pass.
 */
export function disposeTapeOnError(): void {
  const engine = tf.engine() as unknown as Engine;
  const { gradients } = engine;
  engine.gradients = function (this: Engine, ...args) {
    try {
      return tf.tidy(() => gradients.apply(this, args) as tf.TensorContainer);
    } catch (error) {
      if (this.state.gradientDepth === 0) disposeTape(this);
      throw error;
    }
  };
}

function disposeTape({ state }: Engine): void {
  for (const { saved } of state.activeTape ?? []) saved?.forEach((tensor) => tensor.dispose());
  state.activeTape = null;
}
