import { expectInteger, InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { cifar10Bn6conv } from './cifar10-bn-6conv.js';
import type { ModelOptions } from './model-options.js';
import { shapes3conv } from './shapes-3conv.js';

const builders = {
  'cifar10-bn-6conv': cifar10Bn6conv,
  'shapes-3conv': shapes3conv,
} satisfies Record<string, (options?: ModelOptions) => tf.LayersModel>;

export type ModelName = keyof typeof builders;

/** Every architecture that buildModel knows. */
export const modelNames = Object.keys(builders) as ModelName[];

/** Builds an architecture by its name. The caller owns the model and disposes it. */
export function buildModel(name: ModelName | (string & {}), options: ModelOptions = {}): tf.LayersModel {
  if (!Object.hasOwn(builders, name))
    throw new InputError(
      `Expected a model's name, one of ${modelNames.join(', ')}, got ${JSON.stringify(name)}`,
    );
  expectInteger('classes', options.classes ?? 10, { min: 2 });
  return builders[name as ModelName](options);
}
