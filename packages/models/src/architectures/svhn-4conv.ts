import type * as tf from '@tensorflow/tfjs';
import { fourConvLayers } from './keras-cifar10.js';
import { resolveModelOptions, type Architecture, type ModelOptions } from './model-options.js';
import { sequentialModel } from './sequential-model.js';

export const SVHN_4CONV = {
  id: 'svhn-4conv',
  inputShape: [32, 32, 3],
  classes: 10,
  build: svhn4conv,
} as const satisfies Architecture;

/**
 * The layers of keras-cifar10, for house numbers: 90.5% on SVHN in 20 epochs of SGD with Nesterov momentum.
 * 1,250,858 parameters.
 */
export function svhn4conv(options: ModelOptions = {}): tf.LayersModel {
  const resolved = resolveModelOptions(options, SVHN_4CONV);
  return sequentialModel(SVHN_4CONV.id, resolved.inputShape, fourConvLayers(resolved));
}
