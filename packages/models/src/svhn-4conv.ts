import type * as tf from '@tensorflow/tfjs';
import { chain } from './chain.js';
import { fourConvolutions } from './keras-cifar10.js';
import { completeOptions, type ModelOptions } from './model-options.js';

/**
 * The layers of keras-cifar10, for house numbers: 90.5% on SVHN in 20 epochs of SGD with Nesterov momentum. 1,250,858
 * parameters.
 */
export function svhn4conv(options: ModelOptions = {}): tf.LayersModel {
  const complete = completeOptions(options, [32, 32, 3]);
  return chain('svhn-4conv', complete.inputShape, fourConvolutions(complete));
}
