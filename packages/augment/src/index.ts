export { augment, augmentBatch, type AugmentOptions } from './augment.js';
export { drawAugmentation, type Augmentation, type DrawAugmentationOptions } from './draw.js';
export { formatAugment, parseAugment } from './format.js';
export { affineMatrix, type AffineMatrix, type AffineMatrixOptions } from './matrix.js';
export type { Flip, Rotation, Shear, Shift, Step, Zoom } from './step.js';
export { warp, type FillMode, type WarpOptions } from './warp.js';
