import { correctGradients } from '@convlens/tfjs-gradients';
import type { SimdKernel } from '../kernel.js';
import { ACTIVATION_GRADIENTS, fuseActivationGradients } from './activation-gradients.js';
import { batchNorm, batchNormGradient, fusedBatchNorm } from './batch-norm-kernels.js';
import { fuseBatchNorm } from './batch-norm-layer.js';
import { cachedChannelSum } from './channel-sums.js';
import { fuseCorrectedGradients } from './corrected-gradients.js';
import { fuseConvolutionLayer, TRAINING_CONVOLUTIONS } from './convolution-layer.js';
import { dilateDepthwiseLayer } from './depthwise-layer.js';
import { dropout, fuseDropout } from './dropout.js';
import { fusedRelu, fusedRelu6, reluGradient } from './fused-relu.js';
import { fuseOptimizers } from './optimizers.js';
import { DEFERRED_CONVOLUTIONS } from './pending-convolution.js';

/**
 * Kernels that compute several operations of TensorFlow.js in one. They are tried before those of KERNELS.
 */
export const FUSED_KERNELS: readonly SimdKernel[] = [
  ...ACTIVATION_GRADIENTS,
  batchNorm,
  batchNormGradient,
  dropout,
  fusedBatchNorm,
  cachedChannelSum,
  fusedRelu,
  fusedRelu6,
  reluGradient,
  ...TRAINING_CONVOLUTIONS,
  ...DEFERRED_CONVOLUTIONS,
];

/**
 * Corrects the gradients of TensorFlow.js, and replaces layer calls, gradients and optimizers that need many passes
 * over memory by fused kernels, where `simd` is active.
 */
export function fuse(): void {
  correctGradients();
  fuseActivationGradients();
  fuseBatchNorm();
  fuseConvolutionLayer();
  fuseCorrectedGradients();
  fuseDropout();
  dilateDepthwiseLayer();
  fuseOptimizers();
}
