import { expectString, expectAnyNumber, randomAt } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/** The seed of the initial weights of one layer: a function of the model's seed and the layer's name. */
export function initializerSeed(seed: number, layer: string): number {
  expectAnyNumber('seed', seed);
  expectString('layer', layer);
  return Math.floor(randomAt(seed, 'weights', layer)() * 2 ** 31);
}

type GlorotUniform = ReturnType<typeof tf.initializers.glorotUniform>;

/** The name of a layer and its kernel initializer, Keras's default (Glorot uniform). */
export const glorotLayer =
  (seed: number) =>
  (name: string): { name: string; kernelInitializer: GlorotUniform } => ({
    name,
    kernelInitializer: tf.initializers.glorotUniform({ seed: initializerSeed(seed, name) }),
  });
