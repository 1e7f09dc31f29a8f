import * as tf from '@tensorflow/tfjs';
import { AdaptivePooling } from '../layers/adaptive-pooling.js';
import { AxisBatchNormalization } from '../layers/axis-batch-normalization.js';
import { AxisSoftmax } from '../layers/axis-softmax.js';
import { Convolution } from '../layers/convolution.js';
import { Cropping1D } from '../layers/cropping-1d.js';
import { Elementwise } from '../operation-layers/elementwise.js';
import { GeneralReLU } from '../layers/general-relu.js';
import { GlobalPooling } from '../layers/global-pooling.js';
import { GroupNormalization } from '../layers/group-normalization.js';
import { LayerScale } from '../layers/layer-scale.js';
import { RMSNormalization, UnitNormalization } from '../layers/vector-normalizations.js';
import { Normalization } from '../layers/normalization.js';
import { ReduceAxes } from '../operation-layers/reduce-axes.js';
import { ResizeImages } from '../layers/resize-images.js';
import { ScaledELU } from '../layers/scaled-elu.js';
import { SelectChannels } from '../operation-layers/select-channels.js';
import { SliceTensor } from '../operation-layers/slice-tensor.js';
import { StackTensors } from '../operation-layers/stack-tensors.js';
import { Subtract } from '../layers/subtract.js';
import { UpSampling1D } from '../layers/up-sampling-1d.js';
import { ZeroPadding1D } from '../layers/zero-padding-1d.js';
import { registerActivations } from './activations.js';

const LAYERS = [
  AdaptivePooling,
  AxisBatchNormalization,
  AxisSoftmax,
  Convolution,
  Cropping1D,
  Elementwise,
  GeneralReLU,
  GlobalPooling,
  GroupNormalization,
  LayerScale,
  Normalization,
  ReduceAxes,
  ResizeImages,
  RMSNormalization,
  ScaledELU,
  SelectChannels,
  SliceTensor,
  StackTensors,
  Subtract,
  UnitNormalization,
  UpSampling1D,
  ZeroPadding1D,
];

/**
 * Registers the layers and activation functions that imported models may have and TensorFlow.js lacks. Call
 * it before loading a model that was imported and saved; `importKeras` calls it itself.
 */
export function registerKerasLayers(): void {
  for (const layer of LAYERS) tf.serialization.registerClass(layer as never);
  registerActivations();
}
