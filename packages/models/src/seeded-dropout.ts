import { expectNumber, randomAt, type Random, type SteppedLayer } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

export interface SeededDropoutOptions {
  /** The share of values set to 0 in training, 0 to 1 (1 excluded); the others are divided by 1 - rate. */
  rate: number;
  /** Default 0. */
  seed?: number;
  name: string;
}

/** A backend may have dropout as a kernel, whose mask is a function of two integers: @convlens/tfjs-backend-simd has. */
const OWN_KERNEL = 'SimdDropout';

/**
 * Dropout (Srivastava et al., 2014) whose mask is a function of (seed, layer name, epoch, step), so that a resumed run
 * draws the masks the uninterrupted one would have drawn. The stock layer with a seed draws one mask for every step.
 * On a backend with a dropout kernel of its own the masks are that kernel's. It saves as a stock Dropout, which plain tf.loadLayersModel reads.
 *
 * Whoever trains calls `setStep(epoch, step)` before each batch, as `fit` of @convlens/training does; without those
 * calls every pass in training mode counts as the next step of epoch 0.
 */
export function seededDropout({
  rate,
  seed = 0,
  name,
}: SeededDropoutOptions): tf.layers.Layer & SteppedLayer {
  expectNumber('rate', rate, { min: 0, max: 1 - 2 ** -24 });
  const layer = tf.layers.dropout({ rate, name });
  let [epoch, step] = [0, 0];
  const mask = (shape: number[], random: Random) => {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    const kept = 1 / (1 - rate);
    for (let i = 0; i < values.length; i++) values[i] = random() < rate ? 0 : kept;
    return tf.tensor(values, shape);
  };
  return Object.assign(layer, {
    call(inputs: tf.Tensor | tf.Tensor[], { training }: { training?: boolean } = {}) {
      const input = Array.isArray(inputs) ? inputs[0] : inputs;
      if (!training || rate === 0) return input;
      const random = randomAt(seed, 'dropout', name, epoch, step++);
      if (!tf.getKernel(OWN_KERNEL, tf.getBackend()))
        return tf.tidy(() => tf.mul(input, mask(input.shape, random)));
      const keys = [random() * 2 ** 32, random() * 2 ** 32].map((bits) => bits | 0);
      return tf.engine().runKernel(OWN_KERNEL, { x: input }, { rate, keys }) as tf.Tensor;
    },
    setStep(atEpoch: number, atStep: number) {
      [epoch, step] = [atEpoch, atStep];
    },
  });
}
