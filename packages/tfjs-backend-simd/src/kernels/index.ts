import type { SimdKernel } from '../kernel.js';
import { conv2d, conv2dBackpropFilter, conv2dBackpropInput, fusedConv2d } from './conv2d.js';
import { addN, BINARY } from './binary.js';
import { cast } from './cast.js';
import { COMPARISONS, select } from './compare.js';
import { LOGICAL } from './logical.js';
import { batchMatMul, fusedMatMul } from './matmul.js';
import { DEPTHWISE } from './depthwise.js';
import { FILLS } from './fill.js';
import { normalizeEach } from './normalize.js';
import { POOLING } from './pool.js';
import { REARRANGEMENTS } from './rearrange.js';
import { REDUCTIONS } from './reduce.js';
import { BILINEAR } from './resize-bilinear.js';
import { NEAREST } from './resize-nearest.js';
import { softmax } from './softmax.js';
import { transpose } from './transpose.js';
import { UNARY } from './unary.js';

/** Every kernel of ours. */
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
  softmax,
  batchMatMul,
  fusedMatMul,
  normalizeEach,
  ...POOLING,
  ...FILLS,
  ...REARRANGEMENTS,
  ...NEAREST,
  ...BILINEAR,
  transpose,
];
