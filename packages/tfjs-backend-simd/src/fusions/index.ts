import type { SimdKernel } from '../kernel.js';
import { ACTIVATION_GRADIENTS, fuseActivationGradients } from './activation-gradients.js';
import { batchNorm, batchNormGradient, fusedBatchNorm } from './batch-norm-kernels.js';
import { fuseBatchNorm } from './batch-norm-layer.js';
import { knownSum } from './channel-sums.js';
import { WAITING_CONVOLUTIONS } from './convolution.js';
import { fuseConvolutionLayer, TRAINED_CONVOLUTIONS } from './convolution-layer.js';
import { dropout, fuseDropout } from './dropout.js';
import { fuseOptimizers } from './optimizers.js';
import { fuseTileGradient } from './tile-gradient.js';
import { rectifiedPending, rectifiedPending6, reluGradient } from './rectification.js';

/** Kernels that do the work of several of TensorFlow.js's. */
export const FUSED_KERNELS: readonly SimdKernel[] = [
  ...ACTIVATION_GRADIENTS,
  batchNorm,
  batchNormGradient,
  dropout,
  fusedBatchNorm,
  knownSum,
  rectifiedPending,
  rectifiedPending6,
  reluGradient,
  ...TRAINED_CONVOLUTIONS,
  ...WAITING_CONVOLUTIONS,
];

/** Replaces pieces of TensorFlow.js that make many passes over memory by kernels that make one, where `simd` is active. */
export function fuse(): void {
  fuseActivationGradients();
  fuseBatchNorm();
  fuseConvolutionLayer();
  fuseDropout();
  fuseOptimizers();
  fuseTileGradient();
}
