import { idsOf } from '@convlens/core';
import { CIFAR10_3CONV } from './cifar10-3conv.js';
import { CIFAR10_7LAYER } from './cifar10-7layer.js';
import { CIFAR10_BN_6CONV } from './cifar10-bn-6conv.js';
import { CIFAR10_FAST } from './cifar10-fast.js';
import { CIFAR10_LEAKY_STRIDED } from './cifar10-leaky-strided.js';
import { KERAS_CIFAR10 } from './keras-cifar10.js';
import { MNIST_5X5 } from './mnist-5x5.js';
import { MNIST_SMALL } from './mnist-small.js';
import { RESNET20, RESNET32, RESNET56 } from './resnet.js';
import { SHAPES_3CONV } from './shapes-3conv.js';
import { SVHN_4CONV } from './svhn-4conv.js';

/** The registry of architectures. `extend` of `@convlens/core` returns a list with more. */
export const ARCHITECTURES = [
  CIFAR10_BN_6CONV,
  CIFAR10_LEAKY_STRIDED,
  CIFAR10_3CONV,
  CIFAR10_7LAYER,
  CIFAR10_FAST,
  KERAS_CIFAR10,
  MNIST_5X5,
  MNIST_SMALL,
  SVHN_4CONV,
  RESNET20,
  RESNET32,
  RESNET56,
  SHAPES_3CONV,
] as const;

export type ArchitectureName = (typeof ARCHITECTURES)[number]['id'];

/** The ids of ARCHITECTURES. */
export const architectureNames = idsOf(ARCHITECTURES) as ArchitectureName[];
