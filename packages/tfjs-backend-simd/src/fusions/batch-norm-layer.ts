import * as tf from '@tensorflow/tfjs';
import { areFloats, snapshot } from '../backend.js';
import { activeBackend, gradientDepth } from './active-backend.js';
import { fuseLayer, type LayerCall } from './fuse-layer.js';
import { writableAddress } from './writable-address.js';

interface LayerVariable {
  read(): tf.Variable;
}

interface BatchNormalization {
  axis: number;
  epsilon: number;
  momentum: number;
  gamma?: LayerVariable;
  beta?: LayerVariable;
  movingMean: LayerVariable;
  movingVariance: LayerVariable;
}

/**
 * Runs the layer BatchNormalization (Ioffe and Szegedy, 2015), in training and over the last axis, as one
 * kernel forward and one backward where `simd` is active; TensorFlow.js composes it of about 40. The moving
 * statistics are updated as in TensorFlow.js.
 */
export function fuseBatchNorm(): void {
  tf.registerGradient({
    kernelName: 'SimdBatchNorm',
    inputsToSave: ['x'],
    outputsToSave: [false, true],
    gradFunc(dys, [x, statistics]) {
      const [dy] = dys as tf.Tensor[];
      const gradients = tf.engine().runKernel('SimdBatchNormGradient', { dy, x, statistics }) as tf.Tensor[];
      return { x: () => gradients[0], scale: () => gradients[1], offset: () => gradients[2] };
    },
  });
  fuseLayer<BatchNormalization>('BatchNormalization', callBatchNorm);
}

function callBatchNorm(layer: BatchNormalization, { x, kwargs }: LayerCall): tf.Tensor | undefined {
  const backend = activeBackend();
  // A second-order gradient needs operations that can be differentiated.
  if (!backend || !kwargs?.training || gradientDepth() > 1) return undefined;
  const isLastAxis = x.rank >= 2 && [-1, x.rank - 1].includes(layer.axis);
  if (!isLastAxis || x.dtype !== 'float32' || x.size === 0) return undefined;
  const channels = x.shape[x.rank - 1];
  const { gamma, beta, movingMean, movingVariance } = layer;
  const parameters = [gamma, beta, movingMean, movingVariance].map((variable) => variable?.read());
  // For parameters of other shapes TensorFlow.js has an error message.
  if (!parameters.every((tensor) => !tensor || (tensor.size === channels && areFloats(tensor))))
    return undefined;
  return tf.tidy(() => {
    const scale = gamma?.read() ?? tf.ones([channels]);
    const offset = beta?.read() ?? tf.zeros([channels]);
    const moving = [movingMean.read(), movingVariance.read()];
    // Makes the variables the only owners of their values, which the kernel updates in place.
    moving.forEach((variable) => writableAddress(backend, variable));
    const attributes = { epsilon: layer.epsilon, momentum: layer.momentum, moving: moving.map(snapshot) };
    const inputs = { x, scale, offset };
    const [y] = tf.engine().runKernel('SimdBatchNorm', inputs, attributes as never) as tf.Tensor[];
    return y;
  });
}
