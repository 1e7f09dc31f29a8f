import type { SimdKernel } from '../kernel.js';
import { addN, BINARY } from './binary.js';
import { broadcastBatchNorm } from './broadcast-batch-norm.js';
import { cast } from './cast.js';
import { COMPARISONS, select } from './compare.js';
import { conv2d, conv2dBackpropFilter, conv2dBackpropInput, fusedConv2d } from './conv2d.js';
import { CUMULATIVE } from './cumulative.js';
import { DEPTHWISE } from './depthwise.js';
import { FILLS } from './fill.js';
import { layerNormApply } from './layer-norm.js';
import { LOGICAL } from './logical.js';
import { batchMatMul, fusedMatMul } from './matmul.js';
import { POOLING } from './pooling.js';
import { REARRANGEMENTS } from './rearrange.js';
import { REDUCTIONS } from './reduce.js';
import { RESIZE_BILINEAR } from './resize-bilinear.js';
import { RESIZE_NEAREST } from './resize-nearest.js';
import { softmax } from './softmax.js';
import { transpose } from './transpose.js';
import { UNARY } from './unary.js';

/** All SIMD kernels of single operations of TensorFlow.js. */
export const KERNELS: readonly SimdKernel[] = [
  conv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  fusedConv2d,
  ...DEPTHWISE,
  ...UNARY,
  ...BINARY,
  addN,
  ...COMPARISONS,
  select,
  ...LOGICAL,
  cast,
  ...REDUCTIONS,
  ...CUMULATIVE,
  softmax,
  batchMatMul,
  fusedMatMul,
  layerNormApply,
  broadcastBatchNorm,
  ...POOLING,
  ...FILLS,
  ...REARRANGEMENTS,
  ...RESIZE_NEAREST,
  ...RESIZE_BILINEAR,
  transpose,
];
