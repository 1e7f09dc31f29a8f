import { BATCH_NORM } from './arithmetic/batch-norm.js';
import { BROADCASTING } from './arithmetic/broadcasting.js';
import { CONSTANT } from './arithmetic/constant.js';
import { EINSUM } from './arithmetic/einsum.js';
import { POW } from './arithmetic/pow.js';
import { CONVOLUTION } from './convolution/convolution.js';
import { DEPTHWISE } from './convolution/depthwise.js';
import type { GradientCorrection } from './gradient-correction.js';
import { AVERAGE_POOLING } from './pooling/average-pool.js';
import { MAX_POOLING } from './pooling/max-pool.js';
import { DEPTH_TO_SPACE } from './rearranging/depth-to-space.js';
import { GATHERING } from './rearranging/gather.js';
import { MIRROR_PAD } from './rearranging/mirror-pad.js';
import { SPLITTING } from './rearranging/split.js';
import { STRIDED_SLICE } from './rearranging/strided-slice.js';
import { TILE } from './rearranging/tile.js';
import { CUMULATIVE } from './reductions/cumulative.js';
import { EXTREMES } from './reductions/extremes.js';
import { PROD } from './reductions/prod.js';
import { TOP_K } from './reductions/top-k.js';
import { CROPPING } from './resizing/crop-and-resize.js';
import { RESIZING } from './resizing/resize.js';

/** All gradients of TensorFlow.js that are replaced or added. */
export const GRADIENTS: readonly GradientCorrection[] = [
  ...CONVOLUTION,
  DEPTHWISE,
  ...AVERAGE_POOLING,
  ...MAX_POOLING,
  ...RESIZING,
  ...CROPPING,
  ...BROADCASTING,
  ...CONSTANT,
  POW,
  BATCH_NORM,
  EINSUM,
  ...EXTREMES,
  ...CUMULATIVE,
  PROD,
  TOP_K,
  MIRROR_PAD,
  TILE,
  ...GATHERING,
  ...SPLITTING,
  STRIDED_SLICE,
  DEPTH_TO_SPACE,
];
