import * as tf from '@tensorflow/tfjs';
import { chain } from './chain.js';
import { initializerSeed } from './initializer-seed.js';
import { completeOptions, type ModelOptions } from './model-options.js';
import { seededDropout } from './seeded-dropout.js';

/**
 * Three blocks of two convolutions with batch norm (Ioffe and Szegedy, 2015), 32, 64 and 128 filters, each block ended by
 * max-pooling and dropout; then a dense layer of 256. 815,530 trainable parameters. With augmentation it reaches
 * 85% on CIFAR-10 in 50 epochs.
 */
export function cifar10Bn6conv(options: ModelOptions = {}): tf.LayersModel {
  const { inputShape, classes, seed } = completeOptions(options, [32, 32, 3]);
  const { conv2d, batchNormalization, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const kernelInitializer = (name: string) =>
    tf.initializers.glorotUniform({ seed: initializerSeed(seed, name) });

  const block = (number: number, filters: number) => [
    ...[1, 2].flatMap((position) => {
      const id = `${number}_${position}`;
      const [name, padding] = [`conv${id}`, 'same' as const];
      return [
        conv2d({ name, filters, kernelSize: 3, padding, kernelInitializer: kernelInitializer(name) }),
        batchNormalization({ name: `bn${id}` }),
        reLU({ name: `relu${id}` }),
      ];
    }),
    maxPooling2d({ name: `pool${number}`, poolSize: 2 }),
    seededDropout({ name: `drop${number}`, rate: 0.25, seed }),
  ];

  return chain('cifar10-bn-6conv', inputShape, [
    ...block(1, 32),
    ...block(2, 64),
    ...block(3, 128),
    flatten({ name: 'flatten' }),
    dense({ name: 'fc1', units: 256, kernelInitializer: kernelInitializer('fc1') }),
    batchNormalization({ name: 'bn_fc1' }),
    reLU({ name: 'relu_fc1' }),
    seededDropout({ name: 'drop_fc1', rate: 0.5, seed }),
    dense({
      name: 'fc2',
      units: classes,
      activation: 'softmax',
      kernelInitializer: kernelInitializer('fc2'),
    }),
  ]);
}
