import {
  expectObject,
  expectNumber,
  expectOptions,
  randomAt,
  type OptionNames,
  type Random,
  type SteppedLayer,
} from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

export interface SeededDropoutOptions {
  /**
   * The fraction of values that is set to 0 in training, 0 to 1 (1 excluded); the others are divided by 1 -
   * rate.
   */
  rate: number;
  /** Default 0. */
  seed?: number;
  /** The name of the layer; it determines the masks too. */
  name: string;
}

const SEEDED_DROPOUT_OPTIONS: OptionNames<SeededDropoutOptions> = { rate: true, seed: true, name: true };

/** The dropout kernel of @convlens/tfjs-backend-simd, whose mask is a function of two integers. */
const DROPOUT_KERNEL = 'SimdDropout';

/**
 * Dropout (Srivastava et al., 2014) whose mask is a function of (seed, layer name, epoch, step), so that a
 * resumed run has the masks of the uninterrupted run. (The layer of TensorFlow.js with a seed has the same
 * mask in every step.) A backend with a dropout kernel makes the masks itself. The layer is saved as a
 * Dropout of TensorFlow.js, which plain tf.loadLayersModel reads.
 *
 * `fit` of @convlens/training calls `setStep(epoch, step)` before each batch. Without these calls each
 * training pass counts as the next step of epoch 0.
 *
 * @throws InputError if rate is out of range or an option is unknown.
 */
export function seededDropout(options: SeededDropoutOptions): tf.layers.Layer & SteppedLayer {
  expectOptions('seededDropout', options, SEEDED_DROPOUT_OPTIONS);
  expectObject('the options of seededDropout', options);
  const { rate, seed = 0, name } = options;
  expectNumber('rate', rate, { min: 0, max: 1 - 2 ** -24 });
  let [epoch, step] = [0, 0];
  return Object.assign(tf.layers.dropout({ rate, name }), {
    call(inputs: tf.Tensor | tf.Tensor[], { training }: { training?: boolean } = {}) {
      const input = Array.isArray(inputs) ? inputs[0] : inputs;
      if (!training || rate === 0) return input;
      return applyDropout(input, rate, randomAt(seed, 'dropout', name, epoch, step++));
    },
    setStep(nextEpoch: number, nextStep: number) {
      [epoch, step] = [nextEpoch, nextStep];
    },
  });
}

function applyDropout(input: tf.Tensor, rate: number, random: Random): tf.Tensor {
  if (!tf.getKernel(DROPOUT_KERNEL, tf.getBackend()))
    return tf.tidy(() => tf.mul(input, dropoutMask(input.shape, rate, random)));
  const keys = [random() * 2 ** 32, random() * 2 ** 32].map((bits) => bits | 0);
  return tf.engine().runKernel(DROPOUT_KERNEL, { x: input }, { rate, keys }) as tf.Tensor;
}

function dropoutMask(shape: number[], rate: number, random: Random): tf.Tensor {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const scale = 1 / (1 - rate);
  for (let i = 0; i < values.length; i++) values[i] = random() < rate ? 0 : scale;
  return tf.tensor(values, shape);
}
