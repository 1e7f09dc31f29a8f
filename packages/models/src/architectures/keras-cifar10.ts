import * as tf from '@tensorflow/tfjs';
import { glorotLayer } from '../layers/initializer-seed.js';
import { seededDropout } from '../layers/seeded-dropout.js';
import { resolveModelOptions, type Architecture, type ModelOptions } from './model-options.js';
import { sequentialModel } from './sequential-model.js';

export const KERAS_CIFAR10 = {
  id: 'keras-cifar10',
  inputShape: [32, 32, 3],
  classes: 10,
  build: kerasCifar10,
} as const satisfies Architecture;

/**
 * The network of Keras's old example cifar10_cnn: two blocks of two 3x3 convolutions with 32 and 64 filters,
 * the second convolution of each block without padding, each block with max-pooling and dropout at its end;
 * then a dense layer of
 * 512. 1,250,858 parameters. 79% on CIFAR-10 in 50 epochs with shifts and flips.
 */
export function kerasCifar10(options: ModelOptions = {}): tf.LayersModel {
  const resolved = resolveModelOptions(options, KERAS_CIFAR10);
  return sequentialModel(KERAS_CIFAR10.id, resolved.inputShape, fourConvLayers(resolved));
}

/** The layers that keras-cifar10 and svhn-4conv have in common. */
export function fourConvLayers({ classes, seed }: Required<ModelOptions>): tf.layers.Layer[] {
  const { conv2d, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const initialized = glorotLayer(seed);
  const convolution = (
    number: number,
    { filters, padding }: { filters: number; padding: 'same' | 'valid' },
  ) => [
    conv2d({ ...initialized(`conv${number}`), filters, kernelSize: 3, padding }),
    reLU({ name: `relu${number}` }),
  ];
  const block = (number: number, filters: number) => [
    ...convolution(2 * number - 1, { filters, padding: 'same' }),
    ...convolution(2 * number, { filters, padding: 'valid' }),
    maxPooling2d({ name: `pool${number}`, poolSize: 2 }),
    seededDropout({ name: `drop${number}`, rate: 0.25, seed }),
  ];

  return [
    ...block(1, 32),
    ...block(2, 64),
    flatten({ name: 'flatten' }),
    dense({ ...initialized('fc1'), units: 512 }),
    reLU({ name: 'relu_fc1' }),
    seededDropout({ name: 'drop_fc1', rate: 0.5, seed }),
    dense({ ...initialized('fc2'), units: classes, activation: 'softmax' }),
  ];
}
