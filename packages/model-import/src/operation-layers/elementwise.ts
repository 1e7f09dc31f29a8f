import * as tf from '@tensorflow/tfjs';
import { KerasLayer, pick } from '../layers/keras-layer.js';

/** Functions of each value, with the numbers that they take. */
const FUNCTIONS = {
  abs: (x: tf.Tensor) => tf.abs(x),
  clip: (x: tf.Tensor, [min, max]: readonly number[]) => tf.clipByValue(x, min, max),
  log: (x: tf.Tensor) => tf.log(x),
  power: (x: tf.Tensor, [exponent]: readonly number[]) => tf.pow(x, exponent),
  sqrt: (x: tf.Tensor) => tf.sqrt(x),
  square: (x: tf.Tensor) => tf.square(x),
} as const;

export type ElementwiseFunction = keyof typeof FUNCTIONS;

export interface ElementwiseOptions {
  function: ElementwiseFunction;
  /** The lowest and highest value of clip, the exponent of power; else empty. */
  numbers: number[];
}

/** Functions of keras.ops of each value that are no activation functions. */
export class Elementwise extends KerasLayer<ElementwiseOptions> {
  static className = 'Elementwise';

  protected pickOptions(config: ElementwiseOptions) {
    return pick(config, ['function', 'numbers']);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    return FUNCTIONS[this.options.function](x, this.options.numbers);
  }
}
