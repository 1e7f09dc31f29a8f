import { expectNumber, expectOneOf } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/**
 * How a gradient becomes a step. A step or rate of 1 is one of the 256 levels of a pixel, or 1 of a wave's strength.
 */
export type ImageOptimizer =
  /** Along the gradient, divided by its root mean square over the image + 1e-5 (so every step is as long); step 1. */
  | { readonly kind: 'ascent'; readonly step?: number }
  /** Kingma and Ba 2015; rate 1 (0.05 for waves), beta1 0.9, beta2 0.999. */
  | { readonly kind: 'adam'; readonly rate?: number; readonly beta1?: number; readonly beta2?: number }
  /** Tieleman and Hinton 2012; rate 1 (0.05 for waves), rho 0.9. */
  | { readonly kind: 'rmsprop'; readonly rate?: number; readonly rho?: number };

/** Moves parameters uphill. */
export interface Climber {
  /** Where the parameters go: a new tensor. */
  climb(parameters: tf.Tensor4D, gradient: tf.Tensor4D): tf.Tensor4D;
  dispose(): void;
}

const NOISE_FLOOR = 1e-5;
const EPSILON = 1e-7;

function ascent(step: number): Climber {
  return {
    climb: (parameters, gradient) =>
      tf.tidy(() => {
        const size = tf.sqrt(tf.mean(tf.square(gradient), [1, 2, 3], true));
        return tf.add(parameters, tf.mul(gradient, tf.div(step, tf.add(size, NOISE_FLOOR))));
      }),
    dispose: () => {},
  };
}

/** Keeps running means of powers of the gradient, from zero; each is replaced by `update`. */
class RunningMean {
  private value?: tf.Tensor4D;

  constructor(private readonly keep: number) {}

  update(next: tf.Tensor4D): tf.Tensor4D {
    const before = this.value;
    this.value = tf.tidy(() => {
      const share = tf.mul<tf.Tensor4D>(next, 1 - this.keep);
      return before ? tf.add(tf.mul(before, this.keep), share) : share;
    });
    before?.dispose();
    return tf.keep(this.value);
  }

  dispose(): void {
    this.value?.dispose();
  }
}

function adam({ rate, beta1, beta2 }: { rate: number; beta1: number; beta2: number }): Climber {
  const [first, second] = [new RunningMean(beta1), new RunningMean(beta2)];
  let steps = 0;
  return {
    climb: (parameters, gradient) =>
      tf.tidy(() => {
        steps++;
        const mean = first.update(gradient);
        const square = second.update(tf.square(gradient));
        const corrected = (rate * Math.sqrt(1 - beta2 ** steps)) / (1 - beta1 ** steps);
        return tf.add(parameters, tf.mul(tf.div(mean, tf.add(tf.sqrt(square), EPSILON)), corrected));
      }),
    dispose: () => [first, second].forEach((mean) => mean.dispose()),
  };
}

function rmsprop({ rate, rho }: { rate: number; rho: number }): Climber {
  const second = new RunningMean(rho);
  return {
    climb: (parameters, gradient) =>
      tf.tidy(() => {
        const square = second.update(tf.square(gradient));
        return tf.add(parameters, tf.div(tf.mul(gradient, rate), tf.sqrt(tf.add(square, EPSILON))));
      }),
    dispose: () => second.dispose(),
  };
}

const SHARE = { min: 0, max: 1 };

/** Throws an InputError that names what does not fit. */
export function expectOptimizer(optimizer: ImageOptimizer): void {
  const { kind, ...numbers } = optimizer;
  expectOneOf('optimizer', kind, ['ascent', 'adam', 'rmsprop']);
  for (const [name, value] of Object.entries(numbers))
    if (value !== undefined)
      expectNumber(`${kind}.${name}`, value, ['beta1', 'beta2', 'rho'].includes(name) ? SHARE : { min: 0 });
}

/** The optimizer at its first step; `unit` is what a step of 1 means. The caller disposes it. */
export function createClimber(optimizer: ImageOptimizer, unit: number): Climber {
  const usual = unit === 1 ? 0.05 : 1;
  switch (optimizer.kind) {
    case 'ascent':
      return ascent(unit * (optimizer.step ?? usual));
    case 'adam': {
      const { rate = usual, beta1 = 0.9, beta2 = 0.999 } = optimizer;
      return adam({ rate: unit * rate, beta1, beta2 });
    }
    case 'rmsprop': {
      const { rate = usual, rho = 0.9 } = optimizer;
      return rmsprop({ rate: unit * rate, rho });
    }
  }
}
