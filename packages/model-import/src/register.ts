import * as tf from '@tensorflow/tfjs';
import { registerActivations } from './activations.js';
import { AdaptivePooling } from './layers/adaptive-pooling.js';
import { AxisBatchNormalization } from './layers/axis-batch-normalization.js';
import { AxisSoftmax } from './layers/axis-softmax.js';
import { Convolution } from './layers/convolution.js';
import { GeneralReLU } from './layers/general-relu.js';
import { GlobalPooling } from './layers/global-pooling.js';
import { Normalization } from './layers/normalization.js';
import { ResizeImages } from './layers/resize-images.js';
import { ScaledELU } from './layers/scaled-elu.js';
import { Cropping1D, UpSampling1D, ZeroPadding1D } from './layers/sequences.js';
import { Subtract } from './layers/subtract.js';

const LAYERS = [
  AdaptivePooling,
  AxisBatchNormalization,
  AxisSoftmax,
  Convolution,
  Cropping1D,
  GeneralReLU,
  GlobalPooling,
  Normalization,
  ResizeImages,
  ScaledELU,
  Subtract,
  UpSampling1D,
  ZeroPadding1D,
];

/**
 * Makes the layers and activations that an imported model may hold, and TensorFlow.js has not, known to it: call it once
 * before a model that was imported and saved is loaded again.
 */
export function registerKerasLayers(): void {
  for (const layer of LAYERS) tf.serialization.registerClass(layer as never);
  registerActivations();
}
