export { augment, augmentBatch, type AugmentOptions } from './augment.js';
export { imageDataGenerator, type ImageDataGeneratorOptions } from './image-data-generator.js';
export { formatAugment, parseAugment, type AugmentSyntaxOptions } from './augment-syntax.js';
// Sampled parameters
export {
  sampleAugmentation,
  type Augmentation,
  type SampleAugmentationOptions,
} from './sampling/sample-augmentation.js';
export { sampleMixing, type Mixing, type SampleMixingOptions } from './sampling/sample-mixing.js';
export { applyAugmentation, type ApplyAugmentationOptions } from './apply/apply-augmentation.js';
export { applyToMask, type ApplyToMaskOptions } from './apply/apply-to-mask.js';
export { applyToPoint, type ApplyToPointOptions } from './apply/apply-to-point.js';
export { mixBatch, type MixBatchOptions } from './apply/mix-batch.js';
// Geometry
export { affineMatrix, type AffineMatrix } from './geometry/affine-matrix.js';
export { FILL_MODES, type FillMode } from './geometry/border.js';
export type { Geometry } from './geometry/geometry.js';
export type { Image, MutableImage, Point, Size } from './geometry/image.js';
export { INTERPOLATIONS, warp, type Interpolation, type WarpOptions } from './geometry/warp.js';
// The registry of steps
export {
  STEP_DEFINITIONS,
  type BatchStep,
  type BuiltInDefinition,
  type GeometryStep,
  type ImageStep,
  type Operation,
  type Step,
} from './steps/registry.js';
export type {
  AnyOperation,
  AnyStep,
  BatchDefinition,
  GeometryDefinition,
  ImageDefinition,
  OperationOf,
  StepDefinition,
  StepOf,
  BaseDefinition,
} from './steps/definition.js';
export type { Box } from './steps/box.js';
export type { OptionSchema, OptionSpec } from './steps/option-schema.js';
// Steps
export type { Flip } from './steps/geometry/flip.js';
export type { VerticalFlip } from './steps/geometry/vertical-flip.js';
export type { Shift } from './steps/geometry/shift.js';
export type { HeightShift, WidthShift, AxisShift } from './steps/geometry/axis-shift.js';
export type { Rotation } from './steps/geometry/rotation.js';
export type { Shear } from './steps/geometry/shear.js';
export type { Zoom } from './steps/geometry/zoom.js';
export type { Crop, CropFillMode } from './steps/image/crop.js';
export type { Cutout } from './steps/image/cutout.js';
export type { Erasing } from './steps/image/erasing.js';
export type { Brightness } from './steps/image/brightness.js';
export type { Contrast } from './steps/image/contrast.js';
export type { Saturation } from './steps/image/saturation.js';
export type { FactorRange } from './steps/factor-range.js';
export type { ChannelShift } from './steps/image/channel-shift.js';
export type { Noise } from './steps/image/noise.js';
export type { Rescale } from './steps/image/rescale.js';
export type { Standardize } from './steps/image/standardize.js';
export type { Normalize } from './steps/image/normalize.js';
export type { Mixup } from './steps/batch/mixup.js';
export type { Cutmix } from './steps/batch/cutmix.js';
export type { MixOptions } from './steps/batch/mix-options.js';

// Types of other packages in these signatures
export type { BatchSource, ImageBatch, Random } from '@convlens/core';
