import { InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { cifar103conv } from './cifar10-3conv.js';
import { cifar107layer } from './cifar10-7layer.js';
import { cifar10Bn6conv } from './cifar10-bn-6conv.js';
import { cifar10Fast } from './cifar10-fast.js';
import { cifar10LeakyStrided } from './cifar10-leaky-strided.js';
import { kerasCifar10 } from './keras-cifar10.js';
import { mnist5x5 } from './mnist-5x5.js';
import { mnistSmall } from './mnist-small.js';
import type { ModelOptions } from './model-options.js';
import { resnet20, resnet32, resnet56 } from './resnet.js';
import { shapes3conv } from './shapes-3conv.js';
import { svhn4conv } from './svhn-4conv.js';

const builders = {
  'cifar10-bn-6conv': cifar10Bn6conv,
  'cifar10-leaky-strided': cifar10LeakyStrided,
  'cifar10-3conv': cifar103conv,
  'cifar10-7layer': cifar107layer,
  'cifar10-fast': cifar10Fast,
  'keras-cifar10': kerasCifar10,
  'mnist-5x5': mnist5x5,
  'mnist-small': mnistSmall,
  'svhn-4conv': svhn4conv,
  resnet20,
  resnet32,
  resnet56,
  'shapes-3conv': shapes3conv,
} satisfies Record<string, (options?: ModelOptions) => tf.LayersModel>;

export type ModelName = keyof typeof builders;

/** Every architecture that buildModel knows. */
export const modelNames = Object.keys(builders) as ModelName[];

/**
 * Builds an architecture by its name. The caller owns the model and disposes it. Throws an InputError for an unknown
 * name, which lists those that are known, and for an option out of range.
 */
export function buildModel(name: ModelName | (string & {}), options: ModelOptions = {}): tf.LayersModel {
  if (!Object.hasOwn(builders, name))
    throw new InputError(
      `Expected a model's name, one of ${modelNames.join(', ')}, got ${JSON.stringify(name)}`,
    );
  return builders[name as ModelName](options);
}
