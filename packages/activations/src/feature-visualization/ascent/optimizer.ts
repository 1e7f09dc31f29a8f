import { expectNumber, expectOneOf, expectOptions, type OptionNames } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { MovingAverage } from './moving-average.js';

/**
 * How a gradient becomes a step. Step sizes and learning rates are in pixel levels (1/255 of the range), or
 * in Fourier coefficients; the default is 1 level, or 0.05 for Fourier coefficients.
 */
export type ImageOptimizer =
  /**
   * Along the gradient, divided by its root mean square over the image (+ 1e-5), so that all steps are
   * equally long.
   */
  | { readonly kind: 'ascent'; readonly stepSize?: number }
  /** Adam (Kingma and Ba, 2015); beta1 0.9, beta2 0.999. */
  | {
      readonly kind: 'adam';
      readonly learningRate?: number;
      readonly beta1?: number;
      readonly beta2?: number;
    }
  /** RMSprop (Tieleman and Hinton, 2012); rho 0.9. */
  | { readonly kind: 'rmsprop'; readonly learningRate?: number; readonly rho?: number };

/** Moves parameters along the gradient. */
export interface Optimizer {
  /** The parameters after the next step: a new tensor. To be called in `tf.tidy`. */
  step(parameters: tf.Tensor4D, gradient: tf.Tensor4D): tf.Tensor4D;
  dispose(): void;
}

type OptimizerOf<Kind extends ImageOptimizer['kind']> = Extract<ImageOptimizer, { kind: Kind }>;

interface OptimizerKind<T extends ImageOptimizer> {
  readonly names: OptionNames<T>;
  /** @param rate converts a step size or learning rate to parameters; undefined is the default */
  create(optimizer: T, rate: (value: number | undefined) => number): Optimizer;
}

const GRADIENT_EPSILON = 1e-5;
const EPSILON = 1e-7;

function ascent(stepSize: number): Optimizer {
  return {
    step(parameters, gradient) {
      const rms = tf.sqrt(tf.mean(tf.square(gradient), [1, 2, 3], true));
      return tf.add(parameters, tf.mul(gradient, tf.div(stepSize, tf.add(rms, GRADIENT_EPSILON))));
    },
    dispose: () => {},
  };
}

function adam({ learningRate, beta1, beta2 }: Record<'learningRate' | 'beta1' | 'beta2', number>): Optimizer {
  const [first, second] = [new MovingAverage(beta1), new MovingAverage(beta2)];
  let steps = 0;
  return {
    step(parameters, gradient) {
      steps++;
      const mean = first.update(gradient);
      const square = second.update(tf.square(gradient));
      const corrected = (learningRate * Math.sqrt(1 - beta2 ** steps)) / (1 - beta1 ** steps);
      return tf.add(parameters, tf.mul(tf.div(mean, tf.add(tf.sqrt(square), EPSILON)), corrected));
    },
    dispose: () => [first, second].forEach((average) => average.dispose()),
  };
}

function rmsprop({ learningRate, rho }: Record<'learningRate' | 'rho', number>): Optimizer {
  const second = new MovingAverage(rho);
  return {
    step(parameters, gradient) {
      const square = second.update(tf.square(gradient));
      return tf.add(parameters, tf.div(tf.mul(gradient, learningRate), tf.sqrt(tf.add(square, EPSILON))));
    },
    dispose: () => second.dispose(),
  };
}

const OPTIMIZERS: { readonly [Kind in ImageOptimizer['kind']]: OptimizerKind<OptimizerOf<Kind>> } = {
  ascent: {
    names: { kind: true, stepSize: true },
    create: ({ stepSize }, rate) => ascent(rate(stepSize)),
  },
  adam: {
    names: { kind: true, learningRate: true, beta1: true, beta2: true },
    create: ({ learningRate, beta1 = 0.9, beta2 = 0.999 }, rate) =>
      adam({ learningRate: rate(learningRate), beta1, beta2 }),
  },
  rmsprop: {
    names: { kind: true, learningRate: true, rho: true },
    create: ({ learningRate, rho = 0.9 }, rate) => rmsprop({ learningRate: rate(learningRate), rho }),
  },
};

const kindOf = ({ kind }: ImageOptimizer) => OPTIMIZERS[kind] as OptimizerKind<ImageOptimizer>;

const FRACTIONS = ['beta1', 'beta2', 'rho'];

/** Throws an InputError if the optimizer has an unknown kind or option, or a number out of range. */
export function expectOptimizer(optimizer: ImageOptimizer): void {
  const { kind, ...numbers } = optimizer;
  expectOneOf('optimizer', kind, Object.keys(OPTIMIZERS));
  expectOptions(`the ${kind} optimizer`, optimizer, kindOf(optimizer).names);
  for (const [name, value] of Object.entries(numbers))
    if (value !== undefined)
      expectNumber(`${kind}.${name}`, value, FRACTIONS.includes(name) ? { min: 0, max: 1 } : { min: 0 });
}

/**
 * An optimizer before its first step. The caller disposes it.
 *
 * @param unit the change of the parameters that a step size of 1 means (see `Encoding.unit`)
 */
export function createOptimizer(optimizer: ImageOptimizer, unit: number): Optimizer {
  const defaultRate = unit === 1 ? 0.05 : 1;
  return kindOf(optimizer).create(optimizer, (value = defaultRate) => unit * value);
}
