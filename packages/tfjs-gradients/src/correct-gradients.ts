import * as tf from '@tensorflow/tfjs';
import { correctBatchNormParameters } from './arithmetic/batch-norm-parameters.js';
import { correctConvolutionLayer } from './convolution/convolution-layer.js';
import { GRADIENTS } from './gradients.js';
import { registerGradient, restoreGradients } from './register-gradient.js';

/** Marks a registered gradient; the same in every copy of this package. */
const CORRECTED = Symbol.for('@convlens/tfjs-gradients');

/**
 * Registers `GRADIENTS` with TensorFlow.js, for all its backends, once: a second call changes nothing, also from
 * another copy of this package. Later registrations of the caller stay. Where another copy of TensorFlow.js is loaded,
 * which replaces all gradients, they are registered again before the next gradient is computed.
 */
export function correctGradients(): void {
  restoreGradients();
  if (GRADIENTS.some(({ kernelName }) => isCorrected(tf.getGradient(kernelName)))) return;
  for (const { kernelName, correct } of GRADIENTS) {
    const gradient = { ...correct(tf.getGradient(kernelName)), kernelName, [CORRECTED]: true };
    registerGradient(gradient);
  }
  correctConvolutionLayer();
  correctBatchNormParameters();
}

const isCorrected = (gradient: object | undefined): boolean =>
  gradient !== undefined && CORRECTED in gradient;
